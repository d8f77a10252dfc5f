package archive

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/gzip"

	"kritisgraph/internal/store"
)

// Summary says what a file holds.
type Summary struct {
	Commits int64
	Things  int64 // put, linked or deleted, all commits together
	Seq     store.Seq
	Hash    store.Hash
}

// Write writes the log of the store up to this moment, and verifies it while it goes: what cannot be read back is not
// written. Others may write meanwhile; what they commit is not in the file. The scope must be unrestricted, for a part of a
// log cannot be verified.
func Write(ctx context.Context, w io.Writer, s *store.Store, scope store.Scope) (Summary, error) {
	head, err := s.Head(ctx, store.Mark{})
	if err != nil {
		return Summary{}, err
	}
	out := writer{w: w, sum: sha256.New()}
	out.put(line{Header: &headerLine{Format: Format, Schema: s.Schema().Version, Seq: head.Seq}})
	for r, err := range s.Records(ctx, scope, 0, head.Seq) {
		if err == nil {
			err = r.Verify(out.summary.Hash, out.summary.Seq+1)
		}
		if err != nil {
			return Summary{}, fmt.Errorf("reading the log: %w", err)
		}
		if out.record(&r); out.err != nil {
			return Summary{}, out.err
		}
	}
	end := endLine{Commits: out.summary.Commits, Hash: out.summary.Hash}
	out.sum.Sum(end.SHA256[:0])
	out.put(line{End: &end})
	return out.summary, out.err
}

// Backup writes what Write does, compressed.
func Backup(ctx context.Context, w io.Writer, s *store.Store, scope store.Scope) (Summary, error) {
	z, err := gzip.NewWriterLevel(w, gzip.DefaultCompression)
	if err != nil {
		return Summary{}, err
	}
	summary, err := Write(ctx, z, s, scope)
	return summary, errors.Join(err, z.Close())
}

type writer struct {
	w       io.Writer
	sum     hash.Hash
	summary Summary
	err     error
}

func (o *writer) put(l line) {
	if o.err != nil {
		return
	}
	text, err := encode(l)
	if err != nil {
		o.err = fmt.Errorf("writing commit %d: %w", o.summary.Seq, err)
		return
	}
	o.sum.Write(text)
	_, o.err = o.w.Write(text)
}

func (o *writer) record(r *store.Record) {
	c := &r.Change
	o.summary.Commits++
	o.summary.Things += int64(c.Size())
	o.summary.Seq, o.summary.Hash = r.Seq, r.Hash
	o.put(line{Commit: &commitLine{
		Events: c.Events, Hash: r.Hash, If: c.Untouched(), Meta: c.Meta, Once: c.Once, Prev: r.Prev, Result: c.Result, Seq: r.Seq, Things: c.Size(),
	}})
	for i := range c.Put {
		o.put(line{Put: &c.Put[i]})
	}
	for i := range c.Link {
		o.put(line{Link: &c.Link[i]})
	}
	for _, id := range c.Delete {
		version, _ := c.VersionOf(id)
		o.put(line{Delete: &deleteLine{ID: id, Version: version + 1}})
	}
}
