package kritis_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// lastUse is when the store says that a key was used last.
func (d *door) lastUse(t *testing.T, k kritis.KeySecret) (at time.Time, version int64) {
	t.Helper()
	found, err := d.store.Nodes(t.Context(), kritis.Maintenance(), []store.ID{store.ID("IntegrationKeyUse/" + k.ID())})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		return time.Time{}, 0
	}
	return time.UnixMicro(found[0].Prop("lastUsedAt").Num()), found[0].Version
}

// writing runs what writes the use of keys; the function ends it and waits.
func (d *door) writing(t *testing.T, log *slog.Logger) func() {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.app.WriteKeyUse(ctx, log) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestTheUseOfAKeyIsWrittenOnceInTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t)
		k, other := d.key(t, 1, nil), d.key(t, 2, nil)
		defer d.writing(t, slog.New(slog.DiscardHandler))()
		begin := d.now
		for _, step := range []struct {
			after   time.Duration
			last    time.Duration
			version int64
		}{{0, 0, 1}, {time.Minute, 0, 1}, {10*time.Minute - 1, 0, 1}, {10 * time.Minute, 10 * time.Minute, 2}, {15 * time.Minute, 10 * time.Minute, 2}} {
			d.now = begin.Add(step.after)
			if _, refused := d.enter(t, k); refused != "" {
				t.Fatal(refused)
			}
			synctest.Wait()
			if at, version := d.lastUse(t, k); !at.Equal(begin.Add(step.last)) || version != step.version {
				t.Errorf("after %v: %v, version %d", step.after, at, version)
			}
		}
		if at, _ := d.lastUse(t, other); !at.IsZero() {
			t.Errorf("a key that nobody used was used at %v", at)
		}
		d.enter(t, drawKey(t, 1)) // the same key
		forged := drawKey(t, 9)
		d.enter(t, forged)
		synctest.Wait()
		if at, _ := d.lastUse(t, forged); !at.IsZero() {
			t.Error("the use of a key that is not accepted was written")
		}
	})
}

func TestTwoProcessesWriteTheUseOfAKeyOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t)
		k := d.key(t, 1, nil)
		log := slog.New(slog.DiscardHandler)
		twin := &door{store: d.store, app: kritis.NewApp(d.store, func() time.Time { return d.now })}
		defer d.writing(t, log)()
		defer twin.writing(t, log)()
		d.enter(t, k)
		synctest.Wait()
		d.now = d.now.Add(5 * time.Minute)
		twin.enter(t, k)
		synctest.Wait()
		if at, version := d.lastUse(t, k); !at.Equal(d.now.Add(-5*time.Minute)) || version != 1 {
			t.Errorf("%v, version %d", at, version)
		}
	})
}

// refusing is a store that takes no commits.
type refusing struct{ store.Driver }

func (refusing) Commit(context.Context, store.Change) (store.Mark, error) {
	return store.Mark{}, store.ErrUnavailable
}

func TestAUseThatCannotBeWrittenStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t)
		k := d.key(t, 1, nil)
		broken, err := store.Open(t.Context(), refusing{d.calls}, kritis.Schema(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		whole := d.app
		d.app = kritis.NewApp(broken, func() time.Time { return d.now })
		var log bytes.Buffer
		end := d.writing(t, slog.New(slog.NewTextHandler(&log, nil)))
		for range 2 { // the second use is tried again
			if _, refused := d.enter(t, k); refused != "" {
				t.Errorf("refused: %s", refused)
			}
			synctest.Wait()
		}
		end()
		if got := strings.Count(log.String(), "was not written"); got != 2 || !strings.Contains(log.String(), k.ID()) || strings.Contains(log.String(), k.Reveal()) {
			t.Errorf("the log has %s", &log)
		}
		d.app = whole
		defer d.writing(t, slog.New(slog.DiscardHandler))()
		d.enter(t, k)
		synctest.Wait()
		if at, _ := d.lastUse(t, k); !at.Equal(d.now) {
			t.Errorf("%v", at)
		}
	})
}
