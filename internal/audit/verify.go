package audit

import (
	"errors"
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

// ErrCheckpoint is a log that is sound in itself, but holds a checkpoint that is not of this log, or not of these keys.
var ErrCheckpoint = errors.New("a checkpoint does not hold")

// Checker checks the checkpoints of a log while somebody else follows its chain. Without keys it checks their hashes alone.
type Checker struct {
	keys   []PublicKey
	hashes []store.Hash // by sequence, from 1 on
	count  int64
	last   Checkpoint // that covers most
}

// NewChecker returns a checker for a log from its first record on.
func NewChecker(keys ...PublicKey) *Checker { return &Checker{keys: keys} }

// Add takes the next record, whose place in the chain is proven. An error is ErrCheckpoint and names the record.
func (c *Checker) Add(r *store.Record) error {
	found, err := Checkpoints(r)
	if err != nil {
		return fmt.Errorf("%w: commit %d: %w", ErrCheckpoint, r.Seq, err)
	}
	for _, at := range found {
		if err := c.check(at); err != nil {
			return fmt.Errorf("%w: commit %d: %w", ErrCheckpoint, r.Seq, err)
		}
		c.count++
		if at.Seq > c.last.Seq {
			c.last = at
		}
	}
	c.hashes = append(c.hashes, r.Hash)
	return nil
}

func (c *Checker) check(at Checkpoint) error {
	if int(at.Seq) > len(c.hashes) || c.hashes[at.Seq-1] != at.Hash {
		return fmt.Errorf("when it was signed, commit %d had another hash: it, or one before it, was rewritten", at.Seq)
	}
	if len(c.keys) == 0 {
		return nil
	}
	i := slices.IndexFunc(c.keys, func(k PublicKey) bool { return k.id == at.Key })
	switch {
	case i < 0:
		return fmt.Errorf("it is signed with the key %s, which is not one of those given", at.Key)
	case !at.SignedBy(c.keys[i]):
		return fmt.Errorf("its signature is not one of the key %s", at.Key)
	}
	return nil
}

// Count returns how many checkpoints there were.
func (c *Checker) Count() int64 { return c.count }

// Last returns the checkpoint that covers most; its Seq is 0 where there was none.
func (c *Checker) Last() Checkpoint { return c.last }
