package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Cond is a precondition of a change: the thing has this version; 0 = it does not exist and never did.
type Cond struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
}

// Event is a domain event that a commit announces.
type Event struct {
	Props   map[string]Value `json:"props,omitempty"`
	Subject ID               `json:"subject"`
	Type    string           `json:"type"`
}

// Meta says who committed, what, why, by which request and when (microseconds since 1970 UTC).
type Meta struct {
	Action  string `json:"action"`
	Actor   string `json:"actor"`
	At      int64  `json:"at"`
	Reason  string `json:"reason,omitempty"`
	Request string `json:"request,omitempty"`
}

// Once is the key under which a change happens at most once: Owner and Key name it, Digest fingerprints the input.
type Once struct {
	Digest string `json:"digest"`
	Key    string `json:"key"`
	Owner  string `json:"owner"`
}

// Change is one atomic commit. Put, Link and Delete carry whole after-images; for each thing in them If has a Cond. The
// version of a thing after the commit is that of its Cond plus one. A node is deleted only together with all its edges.
// Result lists the ids from which the answer of the mutation is read again. Store brings a change into canonical order
// (by id) before a driver sees it.
type Change struct {
	Delete []ID    `json:"delete,omitempty"`
	Events []Event `json:"events,omitempty"`
	If     []Cond  `json:"if,omitempty"`
	Link   []Edge  `json:"link,omitempty"`
	Meta   Meta    `json:"meta"`
	Once   Once    `json:"once,omitzero"`
	Put    []Node  `json:"put,omitempty"`
	Result []ID    `json:"result,omitempty"`
}

// MaxChange is the greatest number of things (Put, Link and Delete together) in one change.
const MaxChange = 20_000

// Size returns the number of things that the change touches.
func (c *Change) Size() int { return len(c.Put) + len(c.Link) + len(c.Delete) }

// VersionOf returns the version that the precondition for id states, and whether there is one. The change is in
// canonical order.
func (c *Change) VersionOf(id ID) (int64, bool) {
	i, ok := slices.BinarySearchFunc(c.If, id, func(cond Cond, id ID) int { return cmp.Compare(cond.ID, id) })
	if !ok {
		return 0, false
	}
	return c.If[i].Version, true
}

// normalize brings the change into canonical order, drops absent properties and stamps the new versions.
func (c *Change) normalize() error {
	slices.SortFunc(c.If, func(a, b Cond) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(c.Put, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(c.Link, func(a, b Edge) int { return cmp.Compare(a.ID, b.ID) })
	slices.Sort(c.Delete)
	seen := make(map[ID]bool, c.Size())
	stamp := func(id ID) (int64, error) {
		if seen[id] {
			return 0, fmt.Errorf("%w: %s stands twice in one change", ErrInvalid, id)
		}
		seen[id] = true
		version, ok := c.VersionOf(id)
		if !ok {
			return 0, fmt.Errorf("%w: no precondition for %s", ErrInvalid, id)
		}
		return version + 1, nil
	}
	for i := range c.Put {
		n := &c.Put[i]
		var err error
		if n.Version, err = stamp(n.ID); err != nil {
			return err
		}
		n.Props = present(n.Props)
		n.Own.Audiences = slices.Compact(slices.Sorted(slices.Values(n.Own.Audiences)))
		if len(n.Own.Audiences) == 0 {
			n.Own.Audiences = nil
		}
		n.Settled = Visibility{}
	}
	for i := range c.Link {
		e := &c.Link[i]
		var err error
		if e.Version, err = stamp(e.ID); err != nil {
			return err
		}
		e.Props = present(e.Props)
	}
	for _, id := range c.Delete {
		version, err := stamp(id)
		if err != nil {
			return err
		}
		if version == 1 {
			return fmt.Errorf("%w: %s is deleted without a version", ErrInvalid, id)
		}
	}
	for i := 1; i < len(c.If); i++ {
		if c.If[i].ID == c.If[i-1].ID {
			return fmt.Errorf("%w: two preconditions for %s", ErrInvalid, c.If[i].ID)
		}
	}
	return nil
}

func present(props map[string]Value) map[string]Value {
	out := make(map[string]Value, len(props))
	for name, v := range props {
		if !v.IsZero() {
			out[name] = v
		}
	}
	return out
}

// Hash is a link of the chain that seals the log. Its text form is hexadecimal.
type Hash [sha256.Size]byte

// MarshalText writes the hash in hexadecimal.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(h) {
		return fmt.Errorf("a hash has %d hexadecimal digits, not %d", 2*len(h), len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// Record is a commit in the log. Hash is SHA-256 of Prev and the canonical JSON of sequence and change.
type Record struct {
	Seq    Seq
	Change Change
	Prev   Hash
	Hash   Hash
}

// Seal links a change behind the record with hash prev. The change is in canonical order (as Store leaves it).
func Seal(prev Hash, seq Seq, change Change) (Record, error) {
	body, err := marshal(struct {
		Change Change `json:"change"`
		Seq    Seq    `json:"seq"`
	}{change, seq})
	if err != nil {
		return Record{}, fmt.Errorf("sealing commit %d: %w", seq, err)
	}
	r := Record{Seq: seq, Change: change, Prev: prev}
	h := sha256.New()
	h.Write(prev[:])
	h.Write(body)
	h.Sum(r.Hash[:0])
	return r, nil
}

// Follows reports whether the record says that it follows the record with hash prev and number seq-1.
func (r *Record) Follows(prev Hash, seq Seq) error {
	switch {
	case r.Seq != seq:
		return fmt.Errorf("commit %d stands where %d belongs", r.Seq, seq)
	case r.Prev != prev:
		return fmt.Errorf("commit %d does not follow the one before it: a record was altered, removed or moved", r.Seq)
	}
	return nil
}

// Verify reports whether the record follows the record with hash prev and number seq-1 and is unaltered.
func (r *Record) Verify(prev Hash, seq Seq) error {
	if err := r.Follows(prev, seq); err != nil {
		return err
	}
	sealed, err := Seal(prev, seq, r.Change)
	if err != nil {
		return err
	}
	if sealed.Hash != r.Hash {
		return fmt.Errorf("commit %d was altered: its content does not fit its hash", r.Seq)
	}
	return nil
}

// OnceKey names a Once without its digest.
type OnceKey struct {
	Owner string
	Key   string
}

// LogQuery selects commit records after After up to and including UpTo (0: to the end), in order, or the newest first.
// Of and Labels keep the rows of those things (labels are also edge types) and the records that have one; Events keeps
// the records that announce one of these types; Once finds the one record with that key (all filters beside it empty)
// and returns its header without rows. Total counts all records that match, whatever Limit.
type LogQuery struct {
	After  Seq
	UpTo   Seq
	Newest bool
	Of     []ID
	Labels []string
	Events []string
	Once   *OnceKey
	Limit  int
	Total  bool
}

// LogPage is a slice of the log. A restricted scope sees, of each record, the rows whose object shows now and whose image
// did at that moment (of a deleted object, its last visibility counts as now), the events whose subject shows, and no
// record without either. Such a record no longer fits its hash: verifying needs the unrestricted scope. Total is -1
// where not asked.
type LogPage struct {
	Records []Record
	More    bool
	Total   int64
}
