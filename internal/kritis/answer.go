package kritis

import (
	"context"
	"time"

	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// ResponsibilityInput is a question about responsibility.
type ResponsibilityInput struct {
	Subject   SubjectInput
	Purpose   responsibility.Purpose
	LegalActs []string
	AsOf      *time.Time
}

// Responsibility is who is responsible for a subject and a purpose on a day.
type Responsibility struct {
	Purpose  responsibility.Purpose
	Day      store.Day
	answer   responsibility.Answer
	book     *Rulebook
	contacts *contactDirectory
	at       time.Time
}

// Status sums the answer up.
func (r *Responsibility) Status() responsibility.Status { return r.answer.Status }

// Regimes returns one regime for each act that applies.
func (r *Responsibility) Regimes() []*Regime {
	out := make([]*Regime, len(r.answer.Regimes))
	for i := range r.answer.Regimes {
		out[i] = &Regime{regime: &r.answer.Regimes[i], of: r}
	}
	return out
}

// NotApplicable returns the acts of the purpose that do not apply. One that unknown facts take out for different reasons
// has no reason to name and is left out.
func (r *Responsibility) NotApplicable() []*NotApplicableAct {
	out := []*NotApplicableAct{}
	for i := range r.answer.NotApplicable {
		if n := &r.answer.NotApplicable[i]; n.Reason != "" {
			out = append(out, &NotApplicableAct{not: n, book: r.book})
		}
	}
	return out
}

// NotApplicableAct is an act that plays a part for the purpose but does not apply to the subject.
type NotApplicableAct struct {
	not  *responsibility.NotApplicable
	book *Rulebook
}

// LegalAct returns the act.
func (n *NotApplicableAct) LegalAct() *LegalAct { return n.book.act(n.not.Act) }

// Reason returns why it does not apply.
func (n *NotApplicableAct) Reason() responsibility.Reason { return n.not.Reason }

// Message returns the reason in words.
func (n *NotApplicableAct) Message(ctx context.Context, lang *Language) string {
	return n.not.Message(ruleLanguage(ctx, lang))
}

// Provision returns where it stands.
func (n *NotApplicableAct) Provision() *string { return optional(n.not.Provision()) }

func ruleLanguage(ctx context.Context, lang *Language) responsibility.Lang {
	if language(ctx, lang) == English {
		return responsibility.EN
	}
	return responsibility.DE
}

func (r *Rulebook) act(a *responsibility.Act) *LegalAct {
	x, _ := lookup[*LegalAct](r, LabelLegalAct, a.Slug)
	return x
}

func (r *Rulebook) land(code string) *FederalState {
	x, _ := lookup[*FederalState](r, LabelFederalState, code)
	return x
}

func (r *Rulebook) competence(c *responsibility.Competence) *Competence {
	x, _ := lookup[*Competence](r, LabelCompetence, c.ID)
	return x
}

func (r *Rulebook) body(b *responsibility.Body) *Authority {
	x, _ := lookup[*Authority](r, LabelAuthority, b.Slug)
	return x
}

// Regime is what one act says: the bodies in the order in which one acts.
type Regime struct {
	regime *responsibility.Regime
	of     *Responsibility
}

// LegalAct returns the act.
func (r *Regime) LegalAct() *LegalAct { return r.of.book.act(r.regime.Act) }

// Status sums the regime up.
func (r *Regime) Status() responsibility.Status { return r.regime.Status }

// Displaces returns the acts that give way.
func (r *Regime) Displaces() []*LegalAct {
	out := make([]*LegalAct, len(r.regime.Displaces))
	for i, a := range r.regime.Displaces {
		out[i] = r.of.book.act(a)
	}
	return out
}

// Chain returns the bodies that are certain.
func (r *Regime) Chain() []*ResponsibilityStep {
	out := make([]*ResponsibilityStep, len(r.regime.Chain))
	for i := range r.regime.Chain {
		out[i] = &ResponsibilityStep{step: &r.regime.Chain[i], act: r.regime.Act, of: r.of}
	}
	return out
}

// Alternatives returns the bodies that depend on a fact that is not known, ranked.
func (r *Regime) Alternatives() []*ResponsibilityAlternative {
	out := make([]*ResponsibilityAlternative, len(r.regime.Alternatives))
	for i := range r.regime.Alternatives {
		a := &r.regime.Alternatives[i]
		out[i] = &ResponsibilityAlternative{
			ResponsibilityStep: ResponsibilityStep{step: &a.Step, act: r.regime.Act, of: r.of}, alternative: a,
		}
	}
	return out
}

// Gaps returns what is missing for certain: first what the rule finds, then what speaks of reachability.
func (r *Regime) Gaps() []*ResponsibilityGap {
	out := []*ResponsibilityGap{}
	for i := range r.regime.Gaps {
		out = append(out, &ResponsibilityGap{gap: &r.regime.Gaps[i], book: r.of.book})
	}
	for i := range r.regime.Chain {
		step := &r.regime.Chain[i]
		for _, code := range r.of.reachability(step, r.regime.Act) {
			g := step.Reachability(code, r.of.verified(step, r.regime.Act))
			out = append(out, &ResponsibilityGap{gap: &g, book: r.of.book})
		}
	}
	return out
}

// ResponsibilityStep is one body of a chain.
type ResponsibilityStep struct {
	step *responsibility.Step
	act  *responsibility.Act
	of   *Responsibility
}

// Position returns the place in the chain, from 1.
func (s *ResponsibilityStep) Position() int32 { return int32(s.step.Position) } //nolint:gosec // small

// Role returns what the body does.
func (s *ResponsibilityStep) Role() responsibility.Role { return s.step.Role }

// FederalState returns the Land for which it acts, nil for federal bodies.
func (s *ResponsibilityStep) FederalState() *FederalState { return s.of.book.land(s.step.Land) }

// Authority returns the body, or the placeholder of one that is not known.
func (s *ResponsibilityStep) Authority() *Authority { return s.of.book.body(s.step.Body) }

// ContactPoint returns how to reach it: the contact point of the Land for a contact role, else the body's own for this
// act, else its office; nil where there is none.
func (s *ResponsibilityStep) ContactPoint() *ContactPoint {
	p := s.of.contact(s.step, s.act)
	if p != nil {
		p.view.noteRead(p.node)
	}
	return p
}

// Because returns why this body.
func (s *ResponsibilityStep) Because() *ResponsibilityReason { return &ResponsibilityReason{step: s} }

// ResponsibilityReason is why a body stands in an answer.
type ResponsibilityReason struct {
	step *ResponsibilityStep
}

// Competence returns the row that names the body.
func (r *ResponsibilityReason) Competence() *Competence {
	return r.step.of.book.competence(r.step.step.Competence)
}

// Specificity returns how closely the row names the subject.
func (r *ResponsibilityReason) Specificity() SubjectKind {
	return SubjectKind(r.step.step.Specificity.String())
}

// Explanation returns the reason as one sentence.
func (r *ResponsibilityReason) Explanation(ctx context.Context, lang *Language) string {
	return r.step.step.Explanation(ruleLanguage(ctx, lang))
}

// Evidence returns the source of the row.
func (r *ResponsibilityReason) Evidence() *Evidence { return r.Competence().Evidence() }

// ResponsibilityAlternative is a body that depends on a fact that is not known.
type ResponsibilityAlternative struct {
	ResponsibilityStep
	alternative *responsibility.Alternative
}

// Unknowns returns the facts that decide.
func (a *ResponsibilityAlternative) Unknowns() []*UnknownAttribute {
	out := make([]*UnknownAttribute, len(a.alternative.Unknowns))
	for i := range a.alternative.Unknowns {
		out[i] = &UnknownAttribute{fact: &a.alternative.Unknowns[i]}
	}
	return out
}

// Explanation says when it applies.
func (a *ResponsibilityAlternative) Explanation(ctx context.Context, lang *Language) string {
	return a.alternative.Explanation(ruleLanguage(ctx, lang))
}

// Gap returns what is missing for this body, nil if nothing is.
func (a *ResponsibilityAlternative) Gap() *ResponsibilityGap {
	if a.alternative.Gap == nil {
		return nil
	}
	return &ResponsibilityGap{gap: a.alternative.Gap, book: a.of.book}
}

// UnknownAttribute is a fact that is not known and decides.
type UnknownAttribute struct {
	fact *responsibility.UnknownFact
}

// Attribute returns the name of the fact, or branch or service.
func (u *UnknownAttribute) Attribute() string { return u.fact.Attribute }

// Question asks for it.
func (u *UnknownAttribute) Question(ctx context.Context, lang *Language) string {
	return u.fact.Question(ruleLanguage(ctx, lang))
}

// ResponsibilityGap is something that is missing in an answer.
type ResponsibilityGap struct {
	gap  *responsibility.Gap
	book *Rulebook
}

// Code returns what kind of gap it is.
func (g *ResponsibilityGap) Code() responsibility.GapCode { return g.gap.Code }

// Role returns the role that lacks something, nil where the whole act is meant.
func (g *ResponsibilityGap) Role() *responsibility.Role {
	if g.gap.Role == "" {
		return nil
	}
	return &g.gap.Role
}

// FederalState returns the Land concerned, nil where none or all are.
func (g *ResponsibilityGap) FederalState() *FederalState { return g.book.land(g.gap.Land) }

// Message says what is missing.
func (g *ResponsibilityGap) Message(ctx context.Context, lang *Language) string {
	return g.gap.Message(ruleLanguage(ctx, lang))
}

// Remedy says what closes it, nil where nothing can be said.
func (g *ResponsibilityGap) Remedy(ctx context.Context, lang *Language) *string {
	return optional(g.gap.Remedy(ruleLanguage(ctx, lang)))
}

// maxQuestions is the greatest number of questions in one request.
const maxQuestions = 500

// Responsibility answers one question.
func (v *View) Responsibility(ctx context.Context, in ResponsibilityInput) (*Responsibility, error) {
	answers, errs := v.Responsibilities(ctx, []ResponsibilityInput{in})
	return answers[0], errs[0]
}

// Responsibilities answers many questions at once, in the order asked: with a constant number of reads, and each like the
// single question. An answer that cannot be given is nil and has an error in the same place.
func (v *View) Responsibilities(ctx context.Context, inputs []ResponsibilityInput) ([]*Responsibility, []error) {
	out, errs := make([]*Responsibility, len(inputs)), make([]error, len(inputs))
	fail := func(err error) ([]*Responsibility, []error) {
		for i := range errs {
			errs[i] = err
		}
		return make([]*Responsibility, len(inputs)), errs
	}
	if len(inputs) > maxQuestions {
		return fail(BadInput("inputs", "Ask at most %d questions at once, not %d.", maxQuestions, len(inputs)))
	}
	book, err := v.Rulebook(ctx)
	if err != nil {
		return fail(err)
	}
	var ids []store.ID
	for i, in := range inputs {
		if errs[i] = in.check(); errs[i] != nil {
			continue
		}
		var id store.ID
		if id, errs[i] = in.Subject.id(); id != "" {
			ids = append(ids, id)
		}
	}
	reg, err := v.readRegister(ctx, ids)
	if err != nil {
		return fail(err)
	}
	for i, in := range inputs {
		if errs[i] == nil {
			out[i], errs[i] = v.answer(book, reg, in)
		}
	}
	if err := v.addContacts(ctx, out); err != nil {
		return fail(err)
	}
	return out, errs
}

func (v *View) answer(book *Rulebook, reg *register, in ResponsibilityInput) (*Responsibility, error) {
	at := v.moment(in.AsOf)
	units, err := reg.units(in.Subject, DayOf(at))
	if err != nil {
		return nil, err
	}
	r := &Responsibility{Purpose: in.Purpose, Day: DayOf(at), book: book, at: at}
	r.answer, err = book.rule.Answer(responsibility.Question{
		Units: units, Purpose: in.Purpose, Acts: in.LegalActs, Day: responsibility.Day(r.Day),
	})
	if err != nil {
		return nil, ruleError(err, map[string]string{"units[0]": in.Subject.field()})
	}
	return r, nil
}
