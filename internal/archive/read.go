package archive

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"kritisgraph/internal/store"
)

// ErrFile is what every error about the content of a file wraps.
var ErrFile = errors.New("the file cannot be used")

// Reader reads a file and checks it while it goes: form, order, versions, ends of edges, fit to the schema, the chain of
// hashes and the checksum. Each error about the content names the line. It holds one commit in memory, and for each thing
// that ever was about 100 bytes.
type Reader struct {
	schema  store.Schema
	in      *bufio.Reader
	sum     hash.Hash
	number  int // of the line read last
	text    []byte
	partial bool // the line read last has no line feed
	hand    bool
	header  headerLine
	pushed  *line
	log     logState
	summary Summary
}

// NewReader reads the beginning of a file. The schema is the vocabulary of this program.
func NewReader(r io.Reader, schema store.Schema) (*Reader, error) {
	f := &Reader{schema: schema, in: bufio.NewReaderSize(r, 64<<10), sum: sha256.New(), hand: true, log: newLogState()}
	if magic, _ := f.in.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		return nil, fmt.Errorf("%w: it is compressed: a backup is restored, not imported", ErrFile)
	}
	l, err := f.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%w: line 1: it is empty", ErrFile)
	case err != nil:
		return nil, err
	case l.Put != nil || l.Link != nil:
		f.pushed = &l
		return f, nil
	case l.Header == nil:
		return nil, f.fail("the first line is no header; is this an export?")
	case l.Header.Format != Format:
		return nil, f.fail("the format is %q, this program reads %q", l.Header.Format, Format)
	case l.Header.Schema != schema.Version:
		return nil, f.fail("the file has schema version %d, this program %d: use the program that wrote it", l.Header.Schema, schema.Version)
	}
	f.header = *l.Header
	return f, f.begin(l)
}

// begin reads the line after the header, which tells whether a log follows.
func (f *Reader) begin(header line) error {
	unlike := canonical(header, f.text)
	l, err := f.next()
	switch {
	case errors.Is(err, io.EOF):
		if f.header.Seq > 0 {
			return f.incomplete()
		}
		return nil
	case err != nil:
		return err
	}
	f.pushed = &l
	if f.header.Seq == 0 && (l.Put != nil || l.Link != nil) {
		return nil
	}
	f.hand = false
	if unlike != nil {
		return fmt.Errorf("%w: line 1: %w", ErrFile, unlike)
	}
	if err := f.judge(l); err != nil {
		return f.fail("%v", err)
	}
	return nil
}

// ByHand reports whether the file holds nodes and edges without commits.
func (f *Reader) ByHand() bool { return f.hand }

// Summary says what was read so far.
func (f *Reader) Summary() Summary { return f.summary }

func (f *Reader) fail(format string, args ...any) error { return failAt(f.number, format, args...) }

func failAt(line int, format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", ErrFile, line, fmt.Sprintf(format, args...))
}

func (f *Reader) incomplete() error {
	return f.fail("the end line is missing, so the file is not complete")
}

// next returns the next line; the end of the file is io.EOF.
func (f *Reader) next() (line, error) {
	if f.pushed != nil {
		l := *f.pushed
		f.pushed = nil
		return l, nil
	}
	if err := f.readLine(); err != nil {
		return line{}, err
	}
	l, err := decode(f.text)
	if err != nil && f.partial {
		err = errors.New("the file breaks off in the middle of a line")
	}
	if err == nil {
		err = f.judge(l)
	}
	if err != nil {
		return line{}, fmt.Errorf("%w: line %d: %w", ErrFile, f.number, err)
	}
	if l.End == nil {
		f.sum.Write(f.text)
	}
	return l, nil
}

// judge holds a line to the form that its file has.
func (f *Reader) judge(l line) error {
	switch {
	case f.hand:
		return unambiguous(f.text)
	case f.partial:
		return errors.New("the file breaks off in the middle of a line")
	}
	return canonical(l, f.text)
}

func (f *Reader) readLine() error {
	f.number++
	f.text, f.partial = f.text[:0], false
	for {
		part, err := f.in.ReadSlice('\n')
		if len(f.text)+len(part) > MaxLine {
			return f.fail("it is longer than %d bytes", MaxLine)
		}
		f.text = append(f.text, part...)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(f.text) == 0:
			return io.EOF
		case errors.Is(err, io.EOF):
			f.partial = true
			return nil
		default:
			return fmt.Errorf("%w: line %d: %w", ErrFile, f.number, err)
		}
	}
}
