package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kritisgraph/internal/kritis"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){program: main})
}

// TestScripts runs the manual: each script in testdata/script is a session at a terminal. DOCS is the directory of the documentation.
// Beside the commands of testscript there are:
//
//	exits CODE PROGRAM ARG...   like exec, and wants this exit code
//	up NAME ARG...              kritisgraph serve ARG... in the background until it is ready; sets URL and ADDRESS, writes NAME.out
//	down NAME SIGNAL            ends it by TERM or INT, wants exit 0; writes NAME.log
//	unloaded DIRECTORY          makes a store whose first load did not end
//	paste NAME                  sends the first query that NAME printed
//	answers TEXT                wants that the last command printed the text
//	certificate NAME ADDRESS    sets the variable NAME to a certificate for the e-mail address, as the inside of a JSON string
//	remember NAME [REGEXP]      sets the variable NAME to what the last command printed, or to the first group of REGEXP in it
//	bytes FILE TEXT             makes a file of a text with the escapes of Go, such as \xfc
//	http STATUS METHOD URL [BODY] [HEADER:VALUE]...   wants the status, prints headers and body
func TestScripts(t *testing.T) {
	testscript.Run(t, scripts("testdata/script"))
}

// scripts are the parameters of the scripts in a folder.
func scripts(dir string) testscript.Params {
	return testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Values[servers{}] = map[string]*process{}
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			docs, err := filepath.Abs("../../docs")
			e.Setenv("DOCS", docs)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "unloaded": unloaded, "up": up, "down": down, "http": request, "paste": paste, "remember": remember,
			"answers": answers, "certificate": certificate, "bytes": raw,
		},
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	have := 0
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		have = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if have != want {
		ts.Fatalf("exit %d, wanted %d", have, want)
	}
}

func unloaded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: unloaded DIRECTORY")
	}
	ctx := context.Background()
	s, err := settings{store: storeSQLite, data: ts.MkAbs(args[0])}.openToWrite(ctx)
	ts.Check(err)
	ts.Check(s.Close(ctx))
}

// servers is the key of the running servers of a script.
type servers struct{}

type process struct {
	command *exec.Cmd
	log     bytes.Buffer
	rest    chan struct{} // closed when standard output has ended
}

func up(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: up NAME ARG...")
	}
	p := &process{rest: make(chan struct{})}
	p.command = exec.Command(program, append([]string{"serve"}, args[1:]...)...)
	p.command.Dir = ts.MkAbs(".")
	p.command.Env = []string{"HOME=" + ts.Getenv("HOME")}
	p.command.Stderr = &p.log
	out, err := p.command.StdoutPipe()
	ts.Check(err)
	ts.Check(p.command.Start())
	ts.Defer(func() {
		if p.command.ProcessState == nil {
			_ = p.command.Process.Kill()
			<-p.rest
			_ = p.command.Wait()
		}
	})
	lines := bufio.NewReader(out)
	var said strings.Builder
	for !strings.Contains(said.String(), "\ncurl ") || !strings.HasSuffix(said.String(), "\n") {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if err != nil {
			close(p.rest)
			_ = p.command.Wait()
			ts.Fatalf("serve ended before it was ready: %s%s", said.String(), p.log.String())
		}
	}
	go func() { defer close(p.rest); _, _ = io.Copy(io.Discard, lines) }()
	ready := regexp.MustCompile(`^kritisgraph ready at (http://\S+)`).FindStringSubmatch(said.String())
	if ready == nil {
		ts.Fatalf("no ready line: %s", said.String())
	}
	ts.Setenv("URL", ready[1])
	ts.Setenv("ADDRESS", strings.TrimPrefix(ready[1], "http://"))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(said.String()), 0o600))
	ts.Value(servers{}).(map[string]*process)[args[0]] = p
}

func down(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": os.Interrupt}
	if neg || len(args) != 2 || signals[args[1]] == nil {
		ts.Fatalf("usage: down NAME TERM|INT")
	}
	p := ts.Value(servers{}).(map[string]*process)[args[0]]
	ts.Check(p.command.Process.Signal(signals[args[1]]))
	<-p.rest
	err := p.command.Wait()
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".log"), p.log.Bytes(), 0o600))
	if err != nil {
		ts.Fatalf("serve ended with %v: %s", err, p.log.String())
	}
}

func answers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: answers TEXT")
	}
	if said := ts.ReadFile("stdout"); !strings.Contains(said, args[0]) {
		ts.Fatalf("the answer lacks %s:\n%s", args[0], said)
	}
}

func raw(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func certificate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: certificate NAME ADDRESS")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), EmailAddresses: args[1:], NotAfter: time.Now().AddDate(1, 0, 0)}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	ts.Check(err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	ts.Setenv(args[0], strings.ReplaceAll(string(text), "\n", `\n`))
}

// TestAWalkthroughSaysWhatItsScriptHolds reads the commands and answers of the prose: each stands in the script, word for word.
func TestAWalkthroughSaysWhatItsScriptHolds(t *testing.T) {
	for name, few := range map[string]int{"officer": 10, "integration": 8, "auditor": 4} {
		t.Run(name, func(t *testing.T) { checkWalkthrough(t, name, few) })
	}
}

func checkWalkthrough(t *testing.T, name string, few int) {
	prose, err := os.ReadFile("../../docs/walkthrough-" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("testdata/script/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, part := range regexp.MustCompile("'({.+})'|(?m)^(\\{?\".+)$").FindAllStringSubmatch(string(prose), -1) {
		found++
		if text := strings.ReplaceAll(part[1]+part[2], `"$CERT"`, `$CERT`); !strings.Contains(string(script), text) {
			t.Errorf("the script lacks %s", text)
		}
	}
	if found < few {
		t.Errorf("%d commands and answers found", found)
	}
}

// TestTheManualOfImportsSaysWhatItsScriptHolds reads what stands between fences: each line stands in the script, word for word.
func TestTheManualOfImportsSaysWhatItsScriptHolds(t *testing.T) {
	manual, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("testdata/script/sheets.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split(string(manual), "```\n") {
		if i%2 == 0 {
			continue
		}
		for line := range strings.Lines(part) {
			if !strings.Contains(string(script), line) {
				t.Errorf("the script lacks %s", line)
			}
		}
	}
	for _, c := range append(kritis.FacilityColumns(), kritis.DependencyColumns()...) {
		if !strings.Contains(string(manual), "`"+c.Name+"`") {
			t.Errorf("the manual lacks the column %s", c.Name)
		}
	}
}

func remember(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: remember NAME [REGEXP]")
	}
	said := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) == 2 {
		found := regexp.MustCompile(args[1]).FindStringSubmatch(said)
		if len(found) < 2 {
			ts.Fatalf("%s is not in %s", args[1], said)
		}
		said = found[1]
	}
	ts.Setenv(args[0], said)
}

func request(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: http STATUS METHOD URL [BODY] [HEADER:VALUE]...")
	}
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	body, headers := "", args[3:]
	if len(headers) > 0 && strings.HasPrefix(headers[0], "{") {
		body, headers = headers[0], headers[1:]
	}
	r, err := http.NewRequest(args[1], args[2], strings.NewReader(body))
	ts.Check(err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		r.Header.Set(name, value)
	}
	send(ts, r, status)
}

func send(ts *testscript.TestScript, r *http.Request, status int) {
	response, err := http.DefaultTransport.RoundTrip(r)
	ts.Check(err)
	defer response.Body.Close()
	ts.Check(response.Header.Write(ts.Stdout()))
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	_, err = ts.Stdout().Write(body)
	ts.Check(err)
	if response.StatusCode != status {
		ts.Fatalf("status %d, wanted %d", response.StatusCode, status)
	}
}

func paste(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: paste NAME")
	}
	said := ts.ReadFile(args[0] + ".out")
	curl := regexp.MustCompile(`(?m)^curl -s (\S+) -H '([^:]+): ([^']+)' -d '([^']+)'$`).FindStringSubmatch(said)
	if curl == nil {
		ts.Fatalf("no query to paste: %s", said)
	}
	r, err := http.NewRequest(http.MethodPost, curl[1], strings.NewReader(curl[4]))
	ts.Check(err)
	r.Header.Set(curl[2], curl[3])
	send(ts, r, http.StatusOK)
}
