package audit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kritisgraph/internal/store"
)

// When a checkpoint is due, and how often that is looked at.
const (
	dueCommits = 1_000
	dueTime    = time.Hour
	lookTime   = 10 * time.Second
	endTime    = 10 * time.Second // bounds the last one
)

// Notary writes checkpoints into a log while others write it too: after a thousand commits or an hour, and at its end, if something
// other than checkpoints was committed. It follows the chain from its checkpoint before, and signs nothing that does not.
type Notary struct {
	store   *store.Store
	scope   store.Scope
	key     Key
	now     func() time.Time
	changed func(error)

	seq    store.Seq  // up to which the chain is proven
	hash   store.Hash // of that record
	idle   bool       // since the last checkpoint there were no commits but for checkpoints
	signed time.Time  // when the last checkpoint was written
	failed error
}

// NewNotary returns a notary for s. The scope must be unrestricted. Changed, which may be nil, is told when no checkpoint can be
// written, with the reason, and with nil when it can again.
func NewNotary(s *store.Store, scope store.Scope, key Key, now func() time.Time, changed func(error)) *Notary {
	return &Notary{store: s, scope: scope, key: key, now: now, changed: changed}
}

// Run writes checkpoints when they are due until the context ends, and then the last one. End it after the last commit.
func (n *Notary) Run(ctx context.Context) error {
	if err := n.resume(ctx); err != nil && ctx.Err() == nil {
		n.tell(err)
	}
	look := time.NewTicker(lookTime)
	defer look.Stop()
	for {
		if err := n.attempt(ctx, false); ctx.Err() == nil {
			n.tell(err)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
			defer cancel()
			return n.attempt(bounded, true)
		}
	}
}

func (n *Notary) tell(err error) {
	if (err == nil) != (n.failed == nil) && n.changed != nil {
		n.changed(err)
	}
	n.failed = err
}

// resume begins at the newest checkpoint of this key. Without one the whole log is followed.
func (n *Notary) resume(ctx context.Context) error {
	page, err := n.store.Log(ctx, n.scope, store.LogQuery{Events: []string{EventCheckpoint}, Newest: true, Limit: 1})
	if err != nil || len(page.Records) == 0 {
		return err
	}
	found, err := Checkpoints(&page.Records[0])
	if err != nil || len(found) != 1 || !found[0].SignedBy(n.key.public) {
		return nil //nolint:nilerr // whatever it is, this key did not sign it
	}
	n.seq, n.hash, n.signed, n.idle = found[0].Seq, found[0].Hash, time.UnixMicro(found[0].At), true
	return nil
}

// attempt writes a checkpoint if one is due, at the end always, unless nothing happened.
func (n *Notary) attempt(ctx context.Context, end bool) error {
	head, err := n.store.Head(ctx, store.Mark{})
	if err != nil {
		return fmt.Errorf("signing a checkpoint: %w", err)
	}
	due := end || head.Seq-n.seq >= dueCommits || n.now().Sub(n.signed) >= dueTime
	if !due || head.Seq == 0 || head.Seq == n.seq && n.idle {
		return nil
	}
	if err := n.follow(ctx, head.Seq); err != nil {
		return fmt.Errorf("signing a checkpoint: %w", err)
	}
	if n.idle {
		return nil
	}
	now := n.now()
	if _, err := n.store.Commit(ctx, n.key.Sign(n.seq, n.hash, now.UnixMicro()).change()); err != nil && !errors.Is(err, store.ErrUnknownOutcome) {
		return fmt.Errorf("signing a checkpoint: %w", err)
	}
	n.signed, n.idle = now, true
	return nil
}

// follow proves the chain up to a commit.
func (n *Notary) follow(ctx context.Context, until store.Seq) error {
	for r, err := range n.store.Records(ctx, n.scope, n.seq, until) {
		if err != nil {
			return err
		}
		if err := r.Verify(n.hash, n.seq+1); err != nil {
			return err
		}
		n.seq, n.hash = r.Seq, r.Hash
		n.idle = n.idle && carriesCheckpoints(&r)
	}
	return nil
}
