package kritis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kritisgraph/internal/store"
)

// RowAudiences returns those of the audiences that are supervisory authorities, in the order given.
func RowAudiences(audiences []string) []string {
	return slices.DeleteFunc(slices.Clone(audiences), func(a string) bool { return !isRow(a) })
}

// WithRows returns the audiences with these supervisory authorities in the place of those that are among them. The others stay.
func WithRows(audiences, rows []string) []string {
	return append(slices.DeleteFunc(slices.Clone(audiences), isRow), rows...)
}

func isRow(audience string) bool { return strings.HasPrefix(audience, "row:") }

// IncidentRows returns the audiences of the supervisory authorities of an incident, sorted, from those of the operator that
// reported it and of the facilities that it affects: these or, without any, those of the operator.
func IncidentRows(operator []string, affected ...[]string) []string {
	rows := slices.Concat(affected...)
	if len(affected) == 0 {
		rows = slices.Clone(operator)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// audienceMapping numbers the way in which competences become audiences. Raise it with a change of that way, and the stores
// are settled at their next start.
const audienceMapping = 1

// audienceMarkID names the node that says which competences the audiences of a store reflect.
var audienceMarkID = store.NewID(string(LabelDataset), "audiences")

// AudienceMark returns the node which says that the audiences of everything registered reflect this rulebook on the day. Nobody
// sees it.
func (r *Rulebook) AudienceMark(day Day) store.Node {
	return store.Node{ID: audienceMarkID, Props: map[string]store.Value{
		"slug": store.String(audienceMarkID.Key()), "order": store.Int(2), "digest": store.String(r.audienceDigest(day)),
		"note":   store.String("The audiences of operators, facilities and incidents reflect the competences with this digest."),
		"source": store.String("kritisgraph"), "asOf": store.String(string(day)), "status": store.String("STATED"), "confidence": store.String("VERIFIED"),
	}}
}

// audienceDigest is one and the same as long as the audiences that follow from the rulebook are: until other rows say other
// things, or a day comes from which on others supervise.
func (r *Rulebook) audienceDigest(day Day) string {
	h := sha256.New()
	fmt.Fprintf(h, "mapping %d\n%s\n%q", audienceMapping, r.rule.Fingerprint(), r.daysFrom(day)[1:])
	return hex.EncodeToString(h.Sum(nil))
}

// ActionAudiencesSettle is the action, in the log, of the commits of [App.SettleAudiences].
const ActionAudiencesSettle = "audiencesSettle"

// settleRounds is how often everything is gone through when others write meanwhile.
const settleRounds = 3

// SettleAudiences gives all operators, facilities and incidents the audiences of the supervisory authorities that they have by
// the competences of this moment, and returns how many it wrote. Other audiences stay as they are; what has none but those of
// supervisory authorities is left alone. It writes in many commits and what differs only, so it may be interrupted, and any
// number of processes may do it beside others that write: what they wrote meanwhile is gone through again. Where the store is
// marked as reflecting the competences it reads the mark alone. What the rule cannot judge is for no supervisory authority and
// an error, as is that others never stop writing; either leaves the store unmarked.
func (a *App) SettleAudiences(ctx context.Context) (written int, err error) {
	for range settleRounds {
		book, err := a.rulebook(ctx)
		if err != nil {
			return written, fmt.Errorf("settling the audiences: %w", err)
		}
		s := newSettling(a.store, book, a.now())
		done, err := s.run(ctx)
		written += s.written
		if err != nil {
			return written, fmt.Errorf("settling the audiences: %w", err)
		}
		if done {
			return written, nil
		}
	}
	return written, errors.New("settling the audiences: others wrote all the time, so some may be behind: it has to be tried again")
}

// CompetencesChanged tells [App.KeepAudiences] that the audiences have to be settled. It does not wait.
func (a *App) CompetencesChanged() {
	select {
	case a.changed <- struct{}{}:
	default: // it is told already
	}
}

// The bounds of the wait after a settlement that failed; it doubles from one to the next.
const (
	firstRetry = time.Minute
	lastRetry  = time.Hour
)

// KeepAudiences settles the audiences until the context ends: at once, after [App.CompetencesChanged], on each new day in
// Berlin, and again some time after a failure. It calls told after each time.
func (a *App) KeepAudiences(ctx context.Context, told func(written int, err error)) {
	retry := firstRetry
	for {
		tomorrow := dayAfter(a.now())
		written, err := a.SettleAudiences(ctx)
		if ctx.Err() != nil {
			return
		}
		told(written, err)
		wait := tomorrow.Sub(a.now())
		if err != nil {
			wait, retry = min(wait, retry), min(2*retry, lastRetry)
		} else {
			retry = firstRetry
		}
		next := time.NewTimer(wait)
		select {
		case <-a.changed:
		case <-next.C:
		case <-ctx.Done():
		}
		next.Stop()
	}
}

// dayAfter is the beginning of the day in Berlin after the one of a moment.
func dayAfter(now time.Time) time.Time {
	y, m, d := now.In(Berlin).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, Berlin)
}
