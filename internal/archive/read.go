package archive

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"slices"

	"kritisgraph/internal/store"
)

// ErrFile is what every error about the content of a file wraps.
var ErrFile = errors.New("the file cannot be used")

// Reader reads a file and checks it while it goes: form, order, versions, ends of edges, the chain of hashes and the
// checksum. Each error names the line.
type Reader struct {
	in      *bufio.Reader
	sum     hash.Hash
	number  int
	header  headerLine
	pushed  *line
	known   map[store.ID]int64 // version of each thing; of a deleted one negative
	summary Summary
}

// NewReader reads the header. Schema is the version of the vocabulary that this program has.
func NewReader(r io.Reader, schema int) (*Reader, error) {
	f := &Reader{in: bufio.NewReaderSize(r, 64<<10), sum: sha256.New(), known: map[store.ID]int64{}}
	l, err := f.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w: it is empty", ErrFile)
	case err != nil:
		return nil, err
	case l.Header == nil:
		return nil, f.fail("the first line is no header; is this an export?")
	case l.Header.Format != Format:
		return nil, f.fail("the format is %q, this program reads %q", l.Header.Format, Format)
	case l.Header.Schema != schema:
		return nil, f.fail("the file has schema version %d, this program %d: export it with the program that wrote it", l.Header.Schema, schema)
	}
	f.header = *l.Header
	if l, err = f.next(); err == nil {
		f.pushed = &l
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return f, nil
}

// ByHand reports whether the file holds nodes and edges without commits.
func (f *Reader) ByHand() bool { return f.pushed == nil || f.pushed.Put != nil || f.pushed.Link != nil }

// Summary says what was read so far.
func (f *Reader) Summary() Summary { return f.summary }

func (f *Reader) fail(format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", ErrFile, f.number, fmt.Sprintf(format, args...))
}

// next returns the next line; the end of the file is io.EOF.
func (f *Reader) next() (line, error) {
	if f.pushed != nil {
		l := *f.pushed
		f.pushed = nil
		return l, nil
	}
	f.number++
	var text []byte
	for {
		part, err := f.in.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > MaxLine:
			return line{}, f.fail("it is longer than %d bytes", MaxLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(text) == 0:
			return line{}, io.EOF
		case errors.Is(err, io.EOF):
			return line{}, f.fail("the file breaks off in the middle of a line")
		case err != nil:
			return line{}, fmt.Errorf("reading line %d: %w", f.number, err)
		}
		break
	}
	l, err := decode(text)
	if err != nil {
		return line{}, f.fail("%v", err)
	}
	if l.End == nil {
		f.sum.Write(text)
	}
	return l, nil
}

// Records returns the commits in order. The last error, if any, ends the sequence; without one the file was complete.
func (f *Reader) Records() iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		var prev store.Hash
		for seq := store.Seq(1); ; seq++ {
			l, err := f.next()
			switch {
			case errors.Is(err, io.EOF):
				err = fmt.Errorf("%w: line %d: the end line is missing, so the file is not complete", ErrFile, f.number)
			case err != nil:
			case l.End != nil:
				err = f.end(*l.End, prev)
				if err == nil {
					return
				}
			case l.Commit == nil:
				err = f.fail("a commit or the end belongs here")
			}
			var r store.Record
			if err == nil {
				r, err = f.record(l.Commit, prev, seq)
				prev = r.Hash
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (f *Reader) end(e endLine, prev store.Hash) error {
	var sum store.Hash
	f.sum.Sum(sum[:0])
	switch {
	case e.Commits != f.summary.Commits || e.Hash != prev || f.summary.Seq != f.header.Seq:
		return f.fail("the end line states %d commits, there are %d, or their chain ends elsewhere", e.Commits, f.summary.Commits)
	case e.SHA256 != sum:
		return f.fail("the checksum does not fit: the file was altered")
	}
	if _, err := f.next(); !errors.Is(err, io.EOF) {
		return f.fail("there is something after the end")
	}
	return nil
}

// record reads the things of a commit and verifies it.
func (f *Reader) record(c *commitLine, prev store.Hash, seq store.Seq) (store.Record, error) {
	at := f.number
	if c.Things < 0 || c.Things > store.MaxChange {
		return store.Record{}, f.fail("a commit has up to %d things, not %d", store.MaxChange, c.Things)
	}
	change := store.Change{Events: c.Events, If: c.If, Meta: c.Meta, Once: c.Once, Result: c.Result}
	for range c.Things {
		l, err := f.next()
		if errors.Is(err, io.EOF) {
			return store.Record{}, f.fail("the file breaks off in the middle of commit %d", c.Seq)
		}
		if err != nil {
			return store.Record{}, err
		}
		if err := f.thing(&change, l); err != nil {
			return store.Record{}, err
		}
	}
	if err := f.ends(change.Link); err != nil {
		return store.Record{}, err
	}
	slices.SortFunc(change.If, func(a, b store.Cond) int { return cmp.Compare(a.ID, b.ID) })
	r := store.Record{Seq: c.Seq, Change: change, Prev: c.Prev, Hash: c.Hash}
	if err := r.Verify(prev, seq); err != nil {
		return store.Record{}, fmt.Errorf("%w: line %d: %v", ErrFile, at, err)
	}
	f.summary.Commits++
	f.summary.Things += int64(change.Size())
	f.summary.Seq, f.summary.Hash = r.Seq, r.Hash
	return r, nil
}

func (f *Reader) thing(c *store.Change, l line) error {
	var id store.ID
	var version int64
	deleted := false
	switch {
	case l.Put != nil:
		c.Put = append(c.Put, *l.Put)
		id, version = l.Put.ID, l.Put.Version
	case l.Link != nil:
		c.Link = append(c.Link, *l.Link)
		id, version = l.Link.ID, l.Link.Version
	case l.Delete != nil:
		c.Delete = append(c.Delete, l.Delete.ID)
		id, version, deleted = l.Delete.ID, l.Delete.Version, true
	default:
		return f.fail("a node, edge or deletion belongs here")
	}
	if have := f.known[id]; have < 0 || version != have+1 {
		return f.fail("%s has version %d, but the one before is %d", id, version, have)
	}
	f.known[id] = version
	if deleted {
		f.known[id] = -version
	}
	c.If = append(c.If, store.Cond{ID: id, Version: version - 1})
	return nil
}

// ends checks that both ends of the edges exist.
func (f *Reader) ends(edges []store.Edge) error {
	for _, e := range edges {
		for _, end := range []store.ID{e.From, e.To} {
			if f.known[end] <= 0 {
				return f.fail("the edge %s ends at %s, which does not exist", e.ID, end)
			}
		}
	}
	return nil
}

// Things reads the nodes and edges of a file written by hand. Their versions do not matter.
func (f *Reader) Things() ([]store.Node, []store.Edge, error) {
	var nodes []store.Node
	var edges []store.Edge
	seen := map[store.ID]bool{}
	for {
		l, err := f.next()
		switch {
		case errors.Is(err, io.EOF):
			return nodes, edges, nil
		case err != nil:
			return nil, nil, err
		}
		var id store.ID
		switch {
		case l.Put != nil:
			nodes, id = append(nodes, *l.Put), l.Put.ID
		case l.Link != nil:
			edges, id = append(edges, *l.Link), l.Link.ID
		default:
			return nil, nil, f.fail("a file written by hand has lines for nodes (put) and edges (link) only")
		}
		if seen[id] {
			return nil, nil, f.fail("%s stands twice", id)
		}
		seen[id] = true
		if f.summary.Things++; f.summary.Things > store.MaxChange {
			return nil, nil, f.fail("one import changes at most %d things: split the file", store.MaxChange)
		}
	}
}
