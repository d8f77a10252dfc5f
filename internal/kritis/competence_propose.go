package kritis

import (
	"context"
	"strconv"

	"github.com/oklog/ulid/v2"

	"kritisgraph/internal/store"
)

// CompetenceSetProposeInput proposes changes of the competences: rows that end on a day and rows that begin on it. Another version of
// a row is both.
type CompetenceSetProposeInput struct {
	ClientMutationID *string
	Title            string
	Reason           string
	ValidFrom        Day
	End              []string
	Add              []*CompetenceInput
	DryRun           bool
}

// CompetenceSetPayload is what became of a proposal or of a decision on one.
type CompetenceSetPayload struct {
	CompetenceSet    *CompetenceSet
	UserErrors       []*UserError
	ConsistencyToken *string

	tried *CompetenceEffects // of a proposal that is not stored
}

// Effects returns what the set changes, see CompetenceSet.Effects; of a dry run too.
func (p *CompetenceSetPayload) Effects(ctx context.Context) (*CompetenceEffects, error) {
	if p.tried != nil || p.CompetenceSet == nil {
		return p.tried, nil
	}
	return p.CompetenceSet.Effects(ctx)
}

// ProposeCompetenceSet stores a proposal for somebody else to approve. A dry run does all but that.
func (v *View) ProposeCompetenceSet(ctx context.Context, in CompetenceSetProposeInput) (*CompetenceSetPayload, error) {
	if in.DryRun {
		_, effects, errs, err := v.proposed(ctx, in)
		return &CompetenceSetPayload{UserErrors: append([]*UserError{}, errs...), tried: effects}, err
	}
	m := mutation{name: "competenceSetPropose", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		set, _, errs, err := v.proposed(ctx, in)
		if err != nil || len(errs) > 0 {
			return refuse(errs...), err
		}
		return draft{Change: store.Change{Put: []store.Node{set}, If: []store.Cond{{ID: set.ID}}, Result: []store.ID{set.ID}}}, nil
	})
	return setPayload(ctx, out, err)
}

// proposed checks a proposal, and returns it as a node, with its effects.
func (v *View) proposed(ctx context.Context, in CompetenceSetProposeInput) (store.Node, *CompetenceEffects, []*UserError, error) {
	none := store.Node{}
	book, err := v.Rulebook(ctx)
	if err != nil {
		return none, nil, nil, err
	}
	p := &proposal{from: in.ValidFrom, end: in.End, add: in.Add}
	c := proposalCheck{}
	c.text(inputPath("title"), in.Title, 1, maxTitle)
	c.text(inputPath("reason"), in.Reason, 1, maxReason)
	errs := append(c.errs, p.check(book, DayOf(v.now))...)
	if len(errs) == 0 {
		errs = v.mayPropose(book, p)
	}
	if len(errs) > 0 {
		return none, nil, errs, nil
	}
	effects, errs, err := p.effects(book)
	if err != nil || len(errs) > 0 {
		return none, nil, errs, err
	}
	changes, err := p.stored()
	if err != nil {
		return none, nil, nil, err
	}
	lands := p.landCodes(book)
	set := store.Node{
		ID:  store.NewID(string(LabelCompetenceSet), ulid.Make().String()),
		Own: store.Visibility{TLP: store.TLPAmber, Audiences: append([]string{AudienceAdministration}, audiencesOf(lands)...)},
		Props: map[string]store.Value{
			"title": store.String(in.Title), "reason": store.String(in.Reason), "setState": store.String(string(SetProposed)),
			"firstDay": store.String(string(in.ValidFrom)), "changes": store.Strings(changes...), "landCodes": store.Strings(lands...),
			"proposedBy": store.String(v.principal.Subject), "proposedAt": store.Int(v.now.UnixMicro()),
			"source": store.String("entered by " + v.principal.Subject), "asOf": store.String(string(DayOf(v.now))), "status": store.String("STATED"),
		},
	}
	return set, effects, nil, nil
}

func audiencesOf(lands []string) []string {
	out := make([]string, len(lands))
	for i, code := range lands {
		out[i] = AudienceLand(code)
	}
	return out
}

// mayPropose says which changes the caller may not propose: who runs the directory may all, the contact of a Land those of rows of
// its Land alone.
func (v *View) mayPropose(book *Rulebook, p *proposal) []*UserError {
	if !v.principal.has(needs[ActionCompetenceSetPropose]...) {
		return []*UserError{userError(UserForbidden, inputPath(),
			"You may not propose changes of competences: the contact of a Land, the situation centre and administrators may.")}
	}
	var errs []*UserError
	forbid := func(list string, i int, part *proposal) {
		if !v.principal.within(part.landCodes(book)) {
			errs = append(errs, userError(UserForbidden, inputPath(list, strconv.Itoa(i)),
				"You may propose changes for your own Land alone; this row is of another one, of every Land or of the Bund."))
		}
	}
	for i, number := range p.end {
		if _, known := lookup[*Competence](book, LabelCompetence, number); known { // what is not, is told by the effects
			forbid("end", i, &proposal{end: []string{number}})
		}
	}
	for i, row := range p.add {
		forbid("add", i, &proposal{add: []*CompetenceInput{row}})
	}
	return errs
}

func setPayload(ctx context.Context, out outcome, err error) (*CompetenceSetPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &CompetenceSetPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	p.CompetenceSet, err = resultOf[*CompetenceSet](ctx, out)
	return p, err
}
