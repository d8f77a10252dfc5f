package archive

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"kritisgraph/internal/store"
)

// item is a node or an edge of a file as it is at the end, and the line that says so.
type item struct {
	line int
	node *store.Node
	edge *store.Edge
}

func (i item) id() store.ID {
	if i.node != nil {
		return i.node.ID
	}
	return i.edge.ID
}

// items returns the things that exist at the end of the file, by id.
func (f *Reader) items() ([]item, error) {
	if f.hand {
		return f.written()
	}
	state := map[store.ID]item{}
	for r, err := range f.Records() {
		if err != nil {
			return nil, err
		}
		c := &r.Change
		at := f.number - c.Size()
		for i := range c.Put {
			at++
			state[c.Put[i].ID] = item{line: at, node: &c.Put[i]}
		}
		for i := range c.Link {
			at++
			state[c.Link[i].ID] = item{line: at, edge: &c.Link[i]}
		}
		for _, id := range c.Delete {
			delete(state, id)
		}
	}
	return sorted(state), nil
}

func sorted(state map[store.ID]item) []item {
	items := make([]item, 0, len(state))
	for _, i := range state {
		items = append(items, i)
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.id(), b.id()) })
	return items
}

// written reads the lines of a file written by hand. Their versions do not matter.
func (f *Reader) written() ([]item, error) {
	state := map[store.ID]item{}
	for {
		l, err := f.next()
		switch {
		case errors.Is(err, io.EOF):
			return sorted(state), nil
		case err != nil:
			return nil, err
		}
		i := item{line: f.number, node: l.Put, edge: l.Link}
		switch {
		case l.Put != nil:
			err = f.tidy(&l.Put.Props, func() error { return f.schema.CheckNode(*l.Put) })
			l.Put.Version = 0
			l.Put.Own.Audiences = slices.Compact(slices.Sorted(slices.Values(l.Put.Own.Audiences)))
		case l.Link != nil:
			err = f.tidy(&l.Link.Props, func() error { return f.schema.CheckEdge(*l.Link) })
			l.Link.Version = 0
		default:
			err = errors.New("a file written by hand has lines for nodes (put) and edges (link) only")
		}
		if err == nil && state[i.id()].line > 0 {
			err = fmt.Errorf("%s stands twice, first in line %d", i.id(), state[i.id()].line)
		}
		if err == nil && len(state) == store.MaxChange {
			err = fmt.Errorf("one import changes at most %d things: split the file", store.MaxChange)
		}
		if err != nil {
			return nil, f.fail("%v", err)
		}
		state[i.id()] = i
		f.summary.Things++
	}
}

// tidy drops properties that are null and checks the rest.
func (f *Reader) tidy(props *map[string]store.Value, check func() error) error {
	if *props == nil {
		*props = map[string]store.Value{}
	}
	for name, v := range *props {
		if v.IsZero() {
			delete(*props, name)
		}
	}
	return check()
}
