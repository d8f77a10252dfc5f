package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"kritisgraph/internal/store"
)

// EventCheckpoint is the type of the event that carries a checkpoint. It has no subject, and its commit no things.
const EventCheckpoint = "CHECKPOINT"

const actor = "kritisgraph"

// Checkpoint says which hash a commit had at an instant (microseconds since 1970 UTC), signed with the key of this id.
type Checkpoint struct {
	Seq       store.Seq
	Hash      store.Hash
	At        int64
	Key       string
	Signature []byte
}

// text is what is signed: five lines, of which the first names the form.
func (c Checkpoint) text() []byte {
	return fmt.Appendf(nil, "kritisgraph checkpoint 1\nseq %d\nhash %x\nat %s\nkey %s\n", c.Seq, c.Hash[:], c.instant(), c.Key)
}

func (c Checkpoint) instant() string {
	return time.UnixMicro(c.At).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// SignedBy reports whether the holder of the key signed the checkpoint.
func (c Checkpoint) SignedBy(k PublicKey) bool {
	return c.Key == k.id && ed25519.Verify(k.key, c.text(), c.Signature)
}

// change is the commit that carries the checkpoint.
func (c Checkpoint) change() store.Change {
	hash, _ := c.Hash.MarshalText() // which never fails
	return store.Change{
		Meta: store.Meta{Action: EventCheckpoint, Actor: actor, At: c.At},
		Events: []store.Event{{Type: EventCheckpoint, Props: map[string]store.Value{
			"seq": store.Int(int64(c.Seq)), "hash": store.String(string(hash)), "at": store.Int(c.At), "key": store.String(c.Key),
			"signature": store.String(base64.StdEncoding.EncodeToString(c.Signature)),
		}}},
	}
}

// Checkpoints reads the checkpoints that a record carries. One that has not the form of a checkpoint is an error.
func Checkpoints(r *store.Record) ([]Checkpoint, error) {
	var found []Checkpoint
	for _, e := range r.Change.Events {
		if e.Type != EventCheckpoint {
			continue
		}
		c := Checkpoint{Seq: store.Seq(e.Props["seq"].Num()), At: e.Props["at"].Num(), Key: e.Props["key"].Text()}
		hashErr := c.Hash.UnmarshalText([]byte(e.Props["hash"].Text()))
		var err error
		if c.Signature, err = base64.StdEncoding.DecodeString(e.Props["signature"].Text()); err != nil || hashErr != nil || c.Seq < 1 || c.Seq >= r.Seq {
			return nil, errors.New("what it carries is no checkpoint of an earlier commit")
		}
		found = append(found, c)
	}
	return found, nil
}

// carriesCheckpoints reports whether a record is there for its checkpoints alone.
func carriesCheckpoints(r *store.Record) bool {
	for _, e := range r.Change.Events {
		if e.Type != EventCheckpoint {
			return false
		}
	}
	return r.Change.Size() == 0 && len(r.Change.Events) > 0
}
