package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"kritisgraph/internal/audit"
	"kritisgraph/internal/store"
)

// Checkpoint is the hash that a commit had when somebody noted it outside the store. Its text form is "sequence:hash".
type Checkpoint struct {
	Seq  store.Seq
	Hash store.Hash
}

// String returns the text form.
func (c Checkpoint) String() string {
	text, _ := c.Hash.MarshalText() // which never fails
	return fmt.Sprintf("%d:%s", c.Seq, text)
}

// ParseCheckpoint reads the text form.
func ParseCheckpoint(text string) (Checkpoint, error) {
	var c Checkpoint
	before, after, _ := strings.Cut(text, ":")
	seq, err := strconv.ParseInt(before, 10, 64)
	if err != nil || seq < 0 {
		return c, fmt.Errorf("the checkpoint %q is not of the form sequence:hash", text)
	}
	if err := c.Hash.UnmarshalText([]byte(after)); err != nil {
		return c, fmt.Errorf("the checkpoint %q is not of the form sequence:hash: %w", text, err)
	}
	c.Seq = store.Seq(seq)
	return c, nil
}

// Held is what an auditor holds outside the store: checkpoints that were noted, and public keys of those that were signed.
type Held struct {
	Noted []Checkpoint
	Keys  []audit.PublicKey
}

// Proof says how far a log is proven to be unaltered. First and Last are the instants of its first and last commit, in
// microseconds since 1970 UTC; 0 without a commit. Signed is what its signed checkpoints prove.
type Proof struct {
	Summary
	First, Last int64
	Signed      Signed
}

// Signed says how many checkpoints a log holds, whether their signatures were checked too, and up to which commit they cover it
// since which instant.
type Signed struct {
	Checkpoints int64
	Checked     bool
	Covered     store.Seq
	At          int64
}

// Head returns the checkpoint of the last proven commit.
func (p Proof) Head() Checkpoint { return Checkpoint{p.Seq, p.Hash} }

// AuditStore verifies the chain of the store up to this moment, that it holds the noted checkpoints, and those that it carries. An
// error names the first record that does not fit, and the proof then reaches to the one before. The scope must be unrestricted.
func AuditStore(ctx context.Context, s *store.Store, scope store.Scope, held Held) (Proof, error) {
	head, err := s.Head(ctx, store.Mark{})
	if err != nil {
		return Proof{}, err
	}
	return prove(verified(s.Records(ctx, scope, 0, head.Seq)), held)
}

// AuditFile does the same for an export or a backup, and holds the file to all that Reader does: an error is ErrFile and
// names the line. A file without a log is one.
func AuditFile(r io.Reader, schema store.Schema, held Held) (Proof, error) {
	return prove(Log(r, schema), held)
}

// Log yields the commits of an export or a backup, checked like those of a Reader. A file without a log is ErrFile.
func Log(r io.Reader, schema store.Schema) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		f, err := newLogReader(r, schema)
		if err != nil {
			yield(store.Record{}, err)
			return
		}
		f.Records()(yield)
	}
}

func newLogReader(r io.Reader, schema store.Schema) (*Reader, error) {
	in := bufio.NewReaderSize(r, 256<<10)
	r = in
	if magic, _ := in.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		}
		r = z // which holds nothing that has to be closed
	}
	f, err := NewReader(r, schema)
	if err != nil {
		return nil, err
	}
	if f.ByHand() {
		return nil, fmt.Errorf("%w: it was written by hand and holds no log", ErrFile)
	}
	return f, nil
}

// verified passes records on as long as each follows the one before.
func verified(records iter.Seq2[store.Record, error]) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		var last store.Record
		for r, err := range records {
			if err == nil {
				err = r.Verify(last.Hash, last.Seq+1)
			}
			if !yield(r, err) || err != nil {
				return
			}
			last = r
		}
	}
}

// ErrCheckpoint is a log that is sound in itself, but not the one of which a checkpoint was noted.
var ErrCheckpoint = errors.New("the log is not the one of the checkpoint")

// prove follows verified records and compares them with what was noted.
func prove(records iter.Seq2[store.Record, error], held Held) (Proof, error) {
	p, checker := Proof{Signed: Signed{Checked: len(held.Keys) > 0}}, audit.NewChecker(held.Keys...)
	for r, err := range records {
		if err != nil {
			return p, err
		}
		for _, c := range held.Noted {
			if c.Seq == r.Seq && c.Hash != r.Hash {
				return p, fmt.Errorf("%w: commit %d, or one before it, was rewritten", ErrCheckpoint, r.Seq)
			}
		}
		if err := checker.Add(&r); err != nil {
			return p, err
		}
		last := checker.Last()
		p.Signed.Checkpoints, p.Signed.Covered, p.Signed.At = checker.Count(), last.Seq, last.At
		if p.Commits == 0 {
			p.First = r.Change.Meta.At
		}
		p.Last = r.Change.Meta.At
		p.Commits++
		p.Things += int64(r.Change.Size())
		p.Seq, p.Hash = r.Seq, r.Hash
	}
	for _, c := range held.Noted {
		if c.Seq > p.Seq {
			return p, fmt.Errorf("%w: commits %d to %d were removed", ErrCheckpoint, p.Seq+1, c.Seq)
		}
	}
	return p, nil
}
