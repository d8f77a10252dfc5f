package archive

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"

	"kritisgraph/internal/store"
)

// Summary says what a file holds.
type Summary struct {
	Commits int64
	Things  int64
	Seq     store.Seq
	Hash    store.Hash
}

// Write writes the log of the store up to this moment. Others may write meanwhile; what they commit is not in the file.
// The scope must be unrestricted, for a part of a log cannot be verified.
func Write(ctx context.Context, w io.Writer, s *store.Store, scope store.Scope) (Summary, error) {
	head, err := s.Head(ctx, store.Mark{})
	if err != nil {
		return Summary{}, err
	}
	out := writer{w: w, sum: sha256.New()}
	out.put(line{Header: &headerLine{Format: Format, Schema: s.Schema().Version, Seq: head.Seq}})
	err = Records(ctx, s, scope, head.Seq, func(r store.Record) error {
		out.record(&r)
		return out.err
	})
	if err != nil {
		return Summary{}, err
	}
	end := endLine{Commits: out.summary.Commits, Hash: out.summary.Hash}
	out.sum.Sum(end.SHA256[:0])
	out.put(line{End: &end})
	out.summary.Seq = head.Seq
	return out.summary, out.err
}

// Records calls f for each commit up to a sequence, in order. It holds few of them in memory at a time.
func Records(ctx context.Context, s *store.Store, scope store.Scope, upTo store.Seq, f func(store.Record) error) error {
	after, limit := store.Seq(0), 4
	for after < upTo {
		page, err := s.Log(ctx, scope, store.LogQuery{After: after, UpTo: upTo, Limit: limit})
		if err != nil {
			return err
		}
		if len(page.Records) == 0 {
			return fmt.Errorf("the log ends at %d, before %d", after, upTo)
		}
		things := 0
		for _, r := range page.Records {
			things += r.Change.Size()
			if err := f(r); err != nil {
				return err
			}
			after = r.Seq
		}
		switch {
		case things < 1_000:
			limit = min(2*limit, 512)
		case things > 20_000:
			limit = max(limit/2, 1)
		}
	}
	return nil
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
		o.err = err
		return
	}
	o.sum.Write(text)
	_, o.err = o.w.Write(text)
}

func (o *writer) record(r *store.Record) {
	c := &r.Change
	versions := map[store.ID]bool{}
	for _, n := range c.Put {
		versions[n.ID] = true
	}
	for _, e := range c.Link {
		versions[e.ID] = true
	}
	for _, id := range c.Delete {
		versions[id] = true
	}
	l := &commitLine{
		Events: c.Events, Hash: r.Hash, Meta: c.Meta, Once: c.Once, Prev: r.Prev, Result: c.Result, Seq: r.Seq, Things: c.Size(),
	}
	for _, cond := range c.If {
		if !versions[cond.ID] {
			l.If = append(l.If, cond)
		}
	}
	o.put(line{Commit: l})
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
	o.summary.Commits++
	o.summary.Things += int64(c.Size())
	o.summary.Hash = r.Hash
}
