package sqlitestore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

// The test binary runs itself as another process: the first variable says what it does there, the second where.
const (
	childRole = "SQLITESTORE_TEST_ROLE"
	childDir  = "SQLITESTORE_TEST_DIR"
	killsFlag = "SQLITESTORE_TEST_KILLS" // how often the durability test kills; default 24
)

func TestMain(m *testing.M) {
	roles := map[string]func(context.Context, *store.Store) error{"commit": commitForever, "load": loadAndWait, "full": commitUntilFull}
	run, ok := roles[os.Getenv(childRole)]
	if !ok {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	d, err := sqlitestore.Open(ctx, sqlitestore.Options{Dir: os.Getenv(childDir)})
	if err == nil {
		var s *store.Store
		if s, err = store.Create(ctx, d, thingSchema(1), store.Options{}); err == nil {
			err = run(ctx, s)
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

// child is a running process of this binary, and the lines that it prints.
type child struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func start(t *testing.T, role, dir string) *child {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(binary)}
	c.cmd.Env = append(os.Environ(), childRole+"="+role, childDir+"="+dir)
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(out)
	return c
}

// line returns the next line that the process prints.
func (c *child) line(t *testing.T) string {
	t.Helper()
	if !c.lines.Scan() {
		t.Fatalf("the other process printed nothing: %v", c.lines.Err())
	}
	return c.lines.Text()
}

// kill ends the process at once and returns what it had printed until then.
func (c *child) kill(t *testing.T) []string {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var rest []string
	for c.lines.Scan() {
		rest = append(rest, c.lines.Text())
	}
	var exit *exec.ExitError
	if err := c.cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("the other process ended by itself: %v", err)
	}
	return rest
}

// thingSchema is a chain of things with a counter. Later versions sort, search and hold unique what the first does not.
func thingSchema(version int) store.Schema {
	later := version > 1
	return store.Schema{
		Version: version,
		Labels: []store.LabelDef{
			{Label: "Counter", Props: []store.PropDef{{Name: "count", Kind: store.IntKind, Required: true}}},
			{Label: "Thing", Props: []store.PropDef{
				{Name: "number", Kind: store.IntKind, Required: true, Unique: true, Sort: later},
				{Name: "name", Kind: store.StringKind, Required: true, Sort: later, Title: later},
			}},
		},
		Edges: []store.EdgeDef{{Type: "NEXT", From: []store.Label{"Thing"}, To: []store.Label{"Thing"}}},
	}
}

func thing(n store.Seq) store.ID { return store.ID(fmt.Sprintf("Thing/%d", n)) }

// step is the commit with sequence n: a thing, an edge to it from the one before, and the counter of all things.
func step(n store.Seq) store.Change {
	public := store.Visibility{TLP: store.TLPClear, Audiences: []string{"public"}}
	id, counter := thing(n), store.ID("Counter/all")
	c := store.Change{
		If: []store.Cond{{ID: id}, {ID: counter, Version: int64(n) - 1}},
		Put: []store.Node{
			{ID: id, Own: public, Props: map[string]store.Value{"number": store.Int(int64(n)), "name": store.String(fmt.Sprintf("Größe %d", n))}},
			{ID: counter, Own: public, Props: map[string]store.Value{"count": store.Int(int64(n))}},
		},
		Events: []store.Event{{Type: "MADE", Subject: id}},
		Meta:   store.Meta{Action: "STEP", Actor: "test", At: int64(n)},
		Once:   store.Once{Owner: "test", Key: strconv.Itoa(int(n)), Digest: "d"},
	}
	if n > 1 {
		edge := store.EdgeID("NEXT", thing(n-1), id)
		c.If = append(c.If, store.Cond{ID: edge})
		c.Link = []store.Edge{{ID: edge, From: thing(n - 1), To: id}}
	}
	return c
}

func commitForever(ctx context.Context, s *store.Store) error {
	head, err := s.Head(ctx, store.Mark{})
	for n := head.Seq + 1; err == nil; n++ {
		if head, err = s.Commit(ctx, step(n)); err == nil {
			fmt.Println(head.Seq)
		}
	}
	return err
}

func steps(count store.Seq) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for n := store.Seq(1); n <= count; n++ {
			if !yield(step(n), nil) {
				return
			}
		}
	}
}

// loadAndWait loads three records and then waits, inside the load, for its input to end.
func loadAndWait(ctx context.Context, s *store.Store) error {
	return s.Load(ctx, func(yield func(store.Record, error) bool) {
		for r, err := range s.Sealed(steps(4)) {
			if r.Seq == 4 {
				fmt.Println("inside")
				_, _ = os.Stdin.Read(make([]byte, 1))
			}
			if !yield(r, err) {
				return
			}
		}
	})
}

// commitUntilFull commits under a limit on the size of files, which fails writes as a full disk does.
func commitUntilFull(ctx context.Context, s *store.Store) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	err := commitForever(ctx, s)
	fmt.Println("refused", errors.Is(err, store.ErrUnavailable))
	return err
}

func TestAFullDiskLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	c := start(t, "full", dir)
	told := store.Seq(0)
	line := c.line(t)
	for ; line != "refused true"; line = c.line(t) {
		n, err := strconv.Atoi(line)
		if err != nil {
			t.Fatal(line)
		}
		told = store.Seq(n)
	}
	if message := c.line(t); !strings.Contains(message, "disk") {
		t.Errorf("the message is %q", message)
	}
	_ = c.cmd.Wait()
	d := open(t, sqlitestore.Options{Dir: dir})
	if head := checkStore(t, d); told == 0 || head != told {
		t.Errorf("%d commits are there, %d were acknowledged", head, told)
	}
}

func TestAcknowledgedCommitsSurviveKill(t *testing.T) {
	kills := 24
	if n, err := strconv.Atoi(os.Getenv(killsFlag)); err == nil {
		kills = n
	}
	dir := t.TempDir()
	acknowledged := store.Seq(0)
	for i := range kills {
		c := start(t, "commit", dir)
		lines := []string{}
		for range 1 + i*7%23 {
			lines = append(lines, c.line(t))
		}
		lines = append(lines, c.kill(t)...)
		for _, line := range lines {
			n, err := strconv.Atoi(line)
			if err != nil {
				t.Fatalf("the other process failed: %s", line)
			}
			acknowledged = store.Seq(n)
		}
		begin := time.Now()
		d, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
		if err != nil {
			t.Fatalf("after kill %d: %v", i, err)
		}
		head := checkStore(t, d)
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("opening took %v after kill %d", took, i)
		}
		// One commit may be on the disk of which the process could not tell any more.
		if head != acknowledged && head != acknowledged+1 {
			t.Fatalf("after kill %d the head is %d, acknowledged was %d", i, head, acknowledged)
		}
		if err := d.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// checkLog verifies the log from its beginning: each commit is there, in order, unaltered. It returns the head.
func checkLog(t *testing.T, d *sqlitestore.Driver) store.Seq {
	t.Helper()
	all := store.Unrestricted()
	var prev store.Hash
	head := store.Seq(0)
	for more := true; more; {
		log, err := d.Log(t.Context(), all, store.LogQuery{After: head, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range log.Records {
			if err := r.Verify(prev, head+1); err != nil {
				t.Fatal(err)
			}
			prev, head = r.Hash, r.Seq
		}
		more = log.More
	}
	return head
}

// checkStore holds the state against the log while nobody writes: each commit is there as a whole. It returns the head.
func checkStore(t *testing.T, d *sqlitestore.Driver) store.Seq {
	t.Helper()
	s, err := store.Open(t.Context(), d, thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := store.Unrestricted()
	head := checkLog(t, d)
	if head == 0 {
		return 0
	}
	counter, err := s.Nodes(t.Context(), all, []store.ID{"Counter/all", thing(head), thing(head + 1)})
	if err != nil || len(counter) != 2 || counter[0].Prop("count").Num() != int64(head) || counter[0].Version != int64(head) {
		t.Fatalf("the state does not fit the head %d: %v, %v", head, counter, err)
	}
	last := min(head, 100)
	walk, err := s.Traverse(t.Context(), all, store.Walk{From: []store.ID{thing(head - last + 1)}, Follow: []store.Step{{Edge: "NEXT"}}, Depth: 1000})
	if err != nil || store.Seq(len(walk.Nodes)) != last || store.Seq(len(walk.Edges)) != last-1 {
		t.Fatalf("of the last %d things a walk finds %d, by %d edges: %v", last, len(walk.Nodes), len(walk.Edges), err)
	}
	found, err := s.Log(t.Context(), all, store.LogQuery{Once: &store.OnceKey{Owner: "test", Key: strconv.Itoa(int(head))}})
	if err != nil || len(found.Records) != 1 || found.Records[0].Seq != head {
		t.Fatalf("the key of commit %d finds %v: %v", head, found.Records, err)
	}
	return head
}

func TestOneProcessWritesOthersReadBeside(t *testing.T) {
	dir := t.TempDir()
	c := start(t, "commit", dir)
	c.line(t)
	_, err := sqlitestore.Open(t.Context(), sqlitestore.Options{Dir: dir})
	if !errors.Is(err, store.ErrInUse) {
		t.Errorf("a second writer got %v", err)
	}
	reader := open(t, sqlitestore.Options{Dir: dir, ReadOnly: true})
	told := store.Seq(0)
	for range 20 {
		n, err := strconv.Atoi(c.line(t))
		if err != nil {
			t.Fatal(err)
		}
		told = store.Seq(n)
		if seen := checkLog(t, reader); seen < told {
			t.Errorf("the reader sees %d commits where the writer has told of %d", seen, told)
		}
	}
	if _, err := reader.Commit(t.Context(), step(1)); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a commit by a reader got %v", err)
	}
	if err := reader.Migrate(t.Context(), thingSchema(2)); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a migration by a reader got %v", err)
	}
	c.kill(t)
	if after := checkStore(t, reader); after < told {
		t.Errorf("after the writer was killed the reader sees %d commits, not %d", after, told)
	}
	late := open(t, sqlitestore.Options{Dir: dir, ReadOnly: true})
	checkStore(t, late)
	open(t, sqlitestore.Options{Dir: dir})
}

func TestAnInterruptedLoadIsWipedByTheNextWriter(t *testing.T) {
	dir := t.TempDir()
	c := start(t, "load", dir)
	if line := c.line(t); line != "inside" {
		t.Fatal(line)
	}
	reader := open(t, sqlitestore.Options{Dir: dir, ReadOnly: true})
	loading := func() {
		t.Helper()
		if id, err := reader.Identity(t.Context()); err != nil || !id.Loading {
			t.Errorf("the identity during a load is %v: %v", id, err)
		}
		if _, err := reader.Nodes(t.Context(), store.Unrestricted(), []store.ID{thing(1)}); !errors.Is(err, store.ErrLoading) {
			t.Errorf("a read during a load got %v", err)
		}
	}
	loading()
	c.kill(t)
	loading()
	s, err := store.Create(t.Context(), open(t, sqlitestore.Options{Dir: dir}), thingSchema(1), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if head := checkStore(t, reader); head != 0 {
		t.Errorf("of a killed load %d commits are there", head)
	}
	if err := s.Load(t.Context(), s.Sealed(steps(4))); err != nil {
		t.Fatal(err)
	}
	if head := checkStore(t, reader); head != 4 {
		t.Errorf("of a load of 4 commits the reader sees %d", head)
	}
}
