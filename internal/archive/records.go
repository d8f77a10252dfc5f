package archive

import (
	"cmp"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"

	"kritisgraph/internal/store"
)

// Records returns the commits in order. The last error, if any, ends the sequence; without one the file was complete.
func (f *Reader) Records() iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		for {
			l, err := f.next()
			switch {
			case errors.Is(err, io.EOF):
				err = f.incomplete()
			case err != nil:
			case l.End != nil:
				if err = f.end(*l.End); err == nil {
					return
				}
			case l.Commit == nil:
				err = f.fail("a commit or the end belongs here")
			}
			var r store.Record
			if err == nil {
				r, err = f.record(l.Commit)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (f *Reader) end(e endLine) error {
	var sum store.Hash
	f.sum.Sum(sum[:0])
	switch {
	case e.Commits != f.summary.Commits:
		return f.fail("the end states %d commits, but there are %d", e.Commits, f.summary.Commits)
	case f.header.Seq != f.summary.Seq:
		return f.fail("the header states sequence %d, but the last one is %d", f.header.Seq, f.summary.Seq)
	case e.Hash != f.summary.Hash:
		return f.fail("the end states another last hash than the last commit has")
	case e.SHA256 != sum:
		return f.fail("the checksum does not fit: the file was altered")
	}
	if ids := slices.Sorted(maps.Keys(f.log.dated)); len(ids) > 0 {
		at := f.log.dated[ids[0]]
		return failAt(at.line, "%v", at.err)
	}
	switch err := f.readLine(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return f.fail("there is something after the end")
}

// record reads the things of a commit and verifies it.
func (f *Reader) record(c *commitLine) (store.Record, error) {
	at := f.number
	if c.Things < 0 || c.Things > store.MaxChange {
		return store.Record{}, f.fail("a commit has up to %d things, not %d", store.MaxChange, c.Things)
	}
	// What a commit that was removed or moved lacks is no news; that it was, is.
	r := store.Record{Seq: c.Seq, Prev: c.Prev, Hash: c.Hash}
	if err := r.Follows(f.summary.Hash, f.summary.Seq+1); err != nil {
		return store.Record{}, failAt(at, "%v", err)
	}
	if err := f.log.conditions(c); err != nil {
		return store.Record{}, failAt(at, "%v", err)
	}
	change := store.Change{Events: c.Events, If: c.If, Meta: c.Meta, Once: c.Once, Result: c.Result}
	last := [2]string{}
	for range c.Things {
		l, err := f.next()
		if errors.Is(err, io.EOF) {
			return store.Record{}, f.incomplete()
		}
		if err != nil {
			return store.Record{}, err
		}
		if err := f.thing(&change, l, &last); err != nil {
			return store.Record{}, err
		}
	}
	if err := f.log.whole(&change, at); err != nil {
		return store.Record{}, err
	}
	slices.SortFunc(change.If, func(a, b store.Cond) int { return cmp.Compare(a.ID, b.ID) })
	r.Change = change
	if err := r.Verify(f.summary.Hash, f.summary.Seq+1); err != nil {
		return store.Record{}, failAt(at, "%v", err)
	}
	f.summary.Commits++
	f.summary.Things += int64(change.Size())
	f.summary.Seq, f.summary.Hash = r.Seq, r.Hash
	return r, nil
}

// thing adds a line to the change. Last is the kind and id of the line before it.
func (f *Reader) thing(c *store.Change, l line, last *[2]string) error {
	var this [2]string
	var err error
	switch {
	case l.Put != nil:
		this = [2]string{"1", string(l.Put.ID)}
		c.Put = append(c.Put, *l.Put)
		err = f.log.put(&f.schema, l.Put, f.number)
	case l.Link != nil:
		this = [2]string{"2", string(l.Link.ID)}
		c.Link = append(c.Link, *l.Link)
		err = f.log.link(&f.schema, l.Link, f.number)
	case l.Delete != nil:
		this = [2]string{"3", string(l.Delete.ID)}
		c.Delete = append(c.Delete, l.Delete.ID)
		err = f.log.remove(l.Delete)
	default:
		return f.fail("a node, edge or deletion belongs here")
	}
	switch {
	case err != nil:
		return f.fail("%v", err)
	case slices.Compare(last[:], this[:]) >= 0:
		return f.fail("%s does not belong here: a commit lists nodes, then edges, then deletions, each by id", this[1])
	}
	*last = this
	c.If = append(c.If, store.Cond{ID: store.ID(this[1]), Version: f.log.before(store.ID(this[1]))})
	return nil
}
