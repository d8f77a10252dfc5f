package kritis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kritisgraph/internal/store"
)

// CompetenceSetApproveInput approves a proposed set, which publishes it.
type CompetenceSetApproveInput struct {
	ClientMutationID        *string
	ID                      string
	ExpectedVersion         *int32
	AcknowledgeUnsupervised []FederalStateCode
	Reason                  *string
	DryRun                  bool
}

// CompetenceSetRejectInput refuses a proposed set.
type CompetenceSetRejectInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           *string
}

// CompetenceSetWithdrawInput takes a proposed set back.
type CompetenceSetWithdrawInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Reason           *string
}

// ApproveCompetenceSet publishes a set that somebody else proposed: rows end and begin in the same commit. A dry run checks all and
// publishes nothing.
func (v *View) ApproveCompetenceSet(ctx context.Context, in CompetenceSetApproveInput) (*CompetenceSetPayload, error) {
	build := func(ctx context.Context, v *View) (draft, error) {
		set, refused, err := v.openSet(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		if refused := v.mayApprove(set); refused != nil {
			return refuse(refused), nil
		}
		return v.publication(ctx, set, in)
	}
	if in.DryRun {
		d, err := build(ctx, v)
		if err != nil {
			return nil, err
		}
		p := &CompetenceSetPayload{UserErrors: append([]*UserError{}, d.errors...)}
		p.CompetenceSet, _, err = v.visibleSet(ctx, in.ID)
		return p, err
	}
	out, err := v.mutate(ctx, mutation{name: "competenceSetApprove", key: in.ClientMutationID, input: in, reason: in.Reason}, build)
	if len(out.result) > 0 {
		v.app.CompetencesChanged()
	}
	return setPayload(ctx, out, err)
}

// RejectCompetenceSet refuses a set for good.
func (v *View) RejectCompetenceSet(ctx context.Context, in CompetenceSetRejectInput) (*CompetenceSetPayload, error) {
	m := mutation{name: "competenceSetReject", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		set, refused, err := v.openSet(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		if !v.mayDecide(set) {
			return refuse(notApprover()), nil
		}
		return v.decided(set, SetRejected, in.Reason), nil
	})
	return setPayload(ctx, out, err)
}

// WithdrawCompetenceSet takes a set back that the caller proposed.
func (v *View) WithdrawCompetenceSet(ctx context.Context, in CompetenceSetWithdrawInput) (*CompetenceSetPayload, error) {
	m := mutation{name: "competenceSetWithdraw", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		set, refused, err := v.openSet(ctx, in.ID, in.ExpectedVersion)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		if set.text("proposedBy") != v.principal.Subject {
			return refuse(userError(UserForbidden, inputPath("id"),
				"Only %s, who proposed it, may withdraw it: whoever may approve it may reject it.", set.text("proposedBy"))), nil
		}
		return v.decided(set, SetWithdrawn, in.Reason), nil
	})
	return setPayload(ctx, out, err)
}

// visibleSet reads a set, or says that there is none.
func (v *View) visibleSet(ctx context.Context, globalID string) (*CompetenceSet, *UserError, error) {
	id, err := ParseGlobalID(globalID)
	if err != nil || store.Label(id.Kind()) != LabelCompetenceSet {
		return nil, missing("The competence set", "id"), nil
	}
	n, err := v.reader.Node(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missing("The competence set", "id"), nil
	}
	if err != nil {
		return nil, nil, err
	}
	return &CompetenceSet{object{n}, v}, nil, nil
}

// openSet reads a set that nobody decided on.
func (v *View) openSet(ctx context.Context, globalID string, expected *int32) (*CompetenceSet, *UserError, error) {
	set, refused, err := v.visibleSet(ctx, globalID)
	if err != nil || refused != nil {
		return nil, refused, err
	}
	if state := set.State(); state != SetProposed {
		return nil, userError(UserConflict, inputPath("id"), "It is %s already, by %s: propose a new set.", state, set.text("decidedBy")), nil
	}
	return set, outdated(set.node, expected), nil
}

// mayDecide reports whether the caller may approve or reject such sets.
func (v *View) mayDecide(set *CompetenceSet) bool {
	return v.principal.has(needs[ActionCompetenceSetApprove]...) && v.principal.within(set.list("landCodes"))
}

func notApprover() *UserError {
	return userError(UserForbidden, inputPath("id"), "You may not decide on this set: administrators and the situation centre may.")
}

// mayApprove says why the caller may not approve a set: two persons are needed.
func (v *View) mayApprove(set *CompetenceSet) *UserError {
	switch {
	case !v.mayDecide(set):
		return notApprover()
	case strings.EqualFold(set.text("proposedBy"), v.principal.Subject):
		return userError(UserForbidden, inputPath("id"), "You proposed it, so somebody else has to approve it. Where everybody is one caller "+
			"(--auth off), start the server with --auth jwt and make a token for each by `kritisgraph token`.")
	}
	return nil
}

// decided returns the set after a decision.
func (v *View) decided(set *CompetenceSet, state CompetenceSetState, reason *string) draft {
	n := set.node.Clone()
	n.Props["setState"], n.Props["decidedBy"] = store.String(string(state)), store.String(v.principal.Subject)
	n.Props["decidedAt"] = store.Int(v.now.UnixMicro())
	if reason != nil && *reason != "" {
		n.Props["decision"] = store.String(*reason)
	}
	return draft{Change: store.Change{Put: []store.Node{n}, If: []store.Cond{{ID: n.ID, Version: n.Version}}, Result: []store.ID{n.ID}}}
}

// publication checks a set against the competences of this moment and returns what publishes it.
func (v *View) publication(ctx context.Context, set *CompetenceSet, in CompetenceSetApproveInput) (draft, error) {
	guard, err := v.publicationGuard(ctx)
	if err != nil {
		return draft{}, err
	}
	book, err := v.again().Rulebook(ctx) // after the guard: what was published before it is judged with
	if err != nil {
		return draft{}, err
	}
	p, err := set.proposal()
	if err != nil {
		return draft{}, err
	}
	effects, misfits, err := p.effects(book)
	if err != nil {
		return draft{}, err
	}
	if errs := append(p.check(book, DayOf(v.now)), misfits...); len(errs) > 0 {
		for i, e := range errs {
			errs[i] = userError(UserConflict, inputPath("id"), "It does not fit any more: %s: %s Withdraw or reject it.", strings.Join(e.Path[1:], "."), e.Message)
		}
		return refuse(errs...), nil
	}
	if refused := effects.unsupervised(in.AcknowledgeUnsupervised); refused != nil {
		return refuse(refused), nil
	}
	d := v.decided(set, SetPublished, in.Reason)
	if codes := sortedCodes(in.AcknowledgeUnsupervised); len(codes) > 0 {
		d.Put[0].Props["acknowledged"] = store.Strings(codes...)
	}
	return d, v.publish(ctx, book, guard, p, &d.Change)
}

func sortedCodes(codes []FederalStateCode) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// unsupervised compares the Länder that lose a supervisor with those that were acknowledged; nil where they are the same.
func (e *CompetenceEffects) unsupervised(acknowledged []FederalStateCode) *UserError {
	var lost []FederalStateCode
	where := map[FederalStateCode][]string{}
	var last *SupervisionLoss
	for _, l := range e.Losses() {
		code := l.FederalState.Code()
		if where[code] == nil {
			lost = append(lost, code)
		}
		if last != nil && last.LegalAct == l.LegalAct && last.FederalState == l.FederalState {
			where[code][len(where[code])-1] += ", " + l.Sector.Slug()
		} else {
			where[code] = append(where[code], fmt.Sprintf("%s (%s)", l.LegalAct.Short(), l.Sector.Slug()))
		}
		last = l
	}
	if slices.Equal(sortedCodes(lost), sortedCodes(acknowledged)) {
		return nil
	}
	path := inputPath("acknowledgeUnsupervised")
	if len(lost) == 0 {
		return userError(UserUnsupervised, path, "Nobody loses a supervisor: acknowledge no Land.")
	}
	var places []string
	for _, code := range sortedCodes(lost) {
		places = append(places, code+": "+strings.Join(where[FederalStateCode(code)], "; "))
	}
	return userError(UserUnsupervised, path, "Somebody would lose the last supervisor. %s. If it is meant, give acknowledgeUnsupervised: [%s].",
		strings.Join(places, ". "), strings.Join(sortedCodes(lost), ", "))
}
