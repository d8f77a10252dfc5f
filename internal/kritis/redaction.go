package kritis

import (
	"context"

	"kritisgraph/internal/store"
)

// RedactedByMarking is the reason of what is for a caller, but marked above what it may see.
const RedactedByMarking RedactionReason = "MARKING"

// suppressedBelow is the number below which callers below the situation centre are told no number: few things can be told apart.
const suppressedBelow = 5

// Redaction says that items of a list are withheld. Count is nil where it may not be told.
type Redaction struct {
	Reason RedactionReason
	Count  *int32
}

// Description says what it means in the language asked.
func (r *Redaction) Description(ctx context.Context, lang *Language) string {
	if r.Count == nil {
		return pick(language(ctx, lang), "Weniger als fünf, vielleicht keine, betreffen Sie und sind strenger eingestuft, als Sie sehen dürfen.",
			"Fewer than five, perhaps none, concern you and are marked above what you may see.")
	}
	return pick(language(ctx, lang), "Sie betreffen Sie, sind aber strenger eingestuft, als Sie sehen dürfen.", "They concern you, but are marked above what you may see.")
}

// redacted tells what is withheld from a list; of the zero value nothing is told.
type redacted struct {
	view *View
	list store.Query
}

// redacted tells it of a whole list. Of a part of one it tells nothing: who may choose the part, by a filter or by
// the thing that it hangs on, learns from two answers what neither tells.
func (v *View) redacted(a ListArgs, list store.Query) redacted {
	if !a.Where.IsZero() || a.AsOf != nil || !v.principal.toldWhatIsWithheld() {
		return redacted{}
	}
	return redacted{v, list}
}

// toldWhatIsWithheld reports whether the caller has a role to which things are told for what they concern. An administrator
// manages, what is RED is not its business.
func (p Principal) toldWhatIsWithheld() bool {
	return p.has(RoleSituationCentre) || p.has(RoleBBK, RoleLandContact, RoleSupervisor, RoleOperator) && !p.has(RoleAdministrator)
}

// Redactions counts what would show if the caller saw all that is for it up to RED, and does not show. A number below five is
// nil, zero too, so that nothing tells one thing from none.
func (r redacted) Redactions(ctx context.Context) ([]*Redaction, error) {
	if r.view == nil {
		return []*Redaction{}, nil
	}
	p, s := r.view.principal, r.view.app.store
	q := store.Query{Labels: r.list.Labels, ValidOn: r.list.ValidOn}
	sees := r.view.reader.Scope()
	all, err := s.Count(ctx, store.NewScope(append(sees.Grants(), p.told.UpTo(store.TLPRed).Grants()...)...), q)
	if err != nil {
		return nil, err
	}
	shown, err := s.Count(ctx, sees, q)
	if err != nil {
		return nil, err
	}
	withheld := int32(max(all[0].Count-shown[0].Count, 0)) //nolint:gosec // below 2^31
	redaction := &Redaction{Reason: RedactedByMarking, Count: &withheld}
	if withheld < suppressedBelow && !p.has(RoleSituationCentre) {
		redaction.Count = nil
	}
	return []*Redaction{redaction}, nil
}
