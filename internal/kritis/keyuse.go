package kritis

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"kritisgraph/internal/store"
)

// useEvery is how often at most the use of a key is written.
const useEvery = 10 * time.Minute

// keyUses gathers when keys were used, so that no request waits for a write. A request looks at a map; App.WriteKeyUse writes.
type keyUses struct {
	mu      sync.Mutex
	noted   map[string]time.Time // by id of the key: the use that was noted last
	waiting map[string]time.Time // not written yet
	wake    chan struct{}
}

func newKeyUses() *keyUses {
	return &keyUses{noted: map[string]time.Time{}, waiting: map[string]time.Time{}, wake: make(chan struct{}, 1)}
}

// note notes that a key was used, unless that was noted lately. Keys are known here, so there are as many as in the store.
func (u *keyUses) note(id string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if last, ok := u.noted[id]; ok && at.Sub(last) < useEvery {
		return
	}
	u.noted[id], u.waiting[id] = at, at
	select {
	case u.wake <- struct{}{}:
	default: // it is woken already
	}
}

func (u *keyUses) take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.waiting
	u.waiting = map[string]time.Time{}
	return taken
}

// forget lets the next use of a key be noted again.
func (u *keyUses) forget(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.noted, id)
}

// WriteKeyUse writes when integration keys were used, at most once in ten minutes for each, until the context ends. What cannot be
// written goes to the log, and the next use is tried again.
func (a *App) WriteKeyUse(ctx context.Context, log *slog.Logger) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.uses.wake:
		}
		used := a.uses.take()
		for _, id := range slices.Sorted(maps.Keys(used)) {
			if err := a.writeUse(ctx, id, used[id]); err != nil {
				a.uses.forget(id)
				log.WarnContext(ctx, "the use of an integration key was not written", "key", id, "error", err)
			}
		}
	}
}

// writeUse writes a use, unless another process wrote one of the same ten minutes.
func (a *App) writeUse(ctx context.Context, id string, at time.Time) error {
	n := store.Node{
		ID: keyUseID(id), Own: administrative(),
		Props: map[string]store.Value{
			"keyId": store.String(id), "source": store.String("kritisgraph"), "status": store.String("STATED"),
		},
	}
	found, err := a.store.Nodes(ctx, keyScope(), []store.ID{n.ID})
	if err != nil {
		return err
	}
	if len(found) == 1 {
		last := object{found[0]}.instant("lastUsedAt")
		if last != nil && at.Sub(*last) < useEvery {
			return nil
		}
		n = found[0].Clone()
	}
	n.Props["lastUsedAt"] = store.Int(at.UnixMicro())
	_, err = a.store.Commit(ctx, store.Change{
		Meta: store.Meta{Action: "integrationKeyUse", Actor: "kritisgraph", At: a.now().UnixMicro()},
		Put:  []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: n.Version}},
	})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrExists) {
		return nil // another process was faster, and says the same
	}
	return err
}

func keyUseID(id string) store.ID { return store.NewID(string(LabelIntegrationKeyUse), id) }

// administrative is the visibility of what is for those who run this directory.
func administrative() store.Visibility {
	return store.Visibility{TLP: store.TLPAmber, Audiences: []string{AudienceAdministration}}
}
