package store

import "fmt"

// MaxImage is the greatest size in bytes of a node, an edge, or what a commit holds beside them, as canonical JSON: each is
// one line of an export.
const MaxImage = 1<<20 - 4<<10

// maxEscape is how many bytes of JSON one byte of text becomes at most.
const maxEscape = 6

// checkSize encodes only what may be too large, given the bytes of text in it.
func checkSize(id ID, text int, x any) error {
	if text*maxEscape < MaxImage/2 {
		return nil
	}
	body, err := marshal(x)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrInvalid, id, err)
	}
	if len(body) > MaxImage {
		return fmt.Errorf("%w: %s has %d bytes as JSON, more than %d", ErrInvalid, id, len(body), MaxImage)
	}
	return nil
}

// overhead is what a name, a value or an element costs beside its text.
const overhead = 24

func textSize(props map[string]Value) int {
	size := 0
	for name, v := range props {
		size += len(name) + len(v.text) + listSize(v.list) + overhead
	}
	return size
}

func listSize(list []string) int {
	size := 0
	for _, t := range list {
		size += len(t) + overhead
	}
	return size
}

// checkHeader refuses a change whose part beside the things is too large. The change is in canonical order.
func (c *Change) checkHeader() error {
	size := len(c.Meta.Action) + len(c.Meta.Actor) + len(c.Meta.Reason) + len(c.Meta.Request)
	size += len(c.Once.Digest) + len(c.Once.Key) + len(c.Once.Owner)
	for _, e := range c.Events {
		size += len(e.Subject) + len(e.Type) + textSize(e.Props) + overhead
	}
	for _, id := range c.Result {
		size += len(id) + overhead
	}
	only := c.Untouched()
	for _, cond := range only {
		size += len(cond.ID) + 2*overhead
	}
	return checkSize("the commit", size, Change{Events: c.Events, If: only, Meta: c.Meta, Once: c.Once, Result: c.Result})
}

// Untouched returns the preconditions on things that the change does not touch; the others follow from the versions.
func (c *Change) Untouched() []Cond {
	if len(c.If) == c.Size() {
		return nil
	}
	touched := make(map[ID]bool, c.Size())
	for _, n := range c.Put {
		touched[n.ID] = true
	}
	for _, e := range c.Link {
		touched[e.ID] = true
	}
	for _, id := range c.Delete {
		touched[id] = true
	}
	var only []Cond
	for _, cond := range c.If {
		if !touched[cond.ID] {
			only = append(only, cond)
		}
	}
	return only
}
