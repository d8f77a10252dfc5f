package kritis

import (
	"context"

	"kritisgraph/internal/kritis/responsibility"
)

// Competence is one row of who is competent for what.
type Competence struct {
	object
	act       *LegalAct
	authority *Authority
	land      *FederalState
	subject   *CompetenceSubject
	notFor    []*CompetenceSubject
	displaces []*LegalAct
}

// The holders of a competence.
const (
	holderRecorded    CompetenceHolder = "RECORDED"
	holderNotRecorded CompetenceHolder = "NOT_RECORDED"
)

// Key returns the stable key of the row, such as c001.
func (c *Competence) Key() string { return c.text("number") }

// LegalAct returns the act.
func (c *Competence) LegalAct() *LegalAct { return c.act }

// Provision returns where the competence stands, as a German citation.
func (c *Competence) Provision() string { return c.text("provision") }

// Subject returns what the row names.
func (c *Competence) Subject() *CompetenceSubject { return c.subject }

// Level returns whether it is one body for the whole Bund.
func (c *Competence) Level() CompetenceLevel { return CompetenceLevel(c.text("level")) }

// FederalState returns its Land, nil for federal rows and those for every Land.
func (c *Competence) FederalState() *FederalState { return c.land }

// EveryFederalState reports whether the row stands for one body in every Land.
func (c *Competence) EveryFederalState() bool { return c.flag("perState") }

// Authority returns the body, or the placeholder of one that is not known.
func (c *Competence) Authority() *Authority { return c.authority }

// Role returns what the body does.
func (c *Competence) Role() responsibility.Role { return responsibility.Role(c.text("role")) }

// AppliesWhen returns the conditions, all of which must hold.
func (c *Competence) AppliesWhen() []*AttributeCondition { return conditions(c.list("appliesWhen")) }

// NotFor returns what is taken out.
func (c *Competence) NotFor() []*CompetenceSubject { return c.notFor }

// Gate reports whether the act does not apply at all where the row names the subject but does not reach it.
func (c *Competence) Gate() bool { return c.flag("gate") }

// Holder returns whether the body is recorded.
func (c *Competence) Holder() CompetenceHolder {
	if h := c.text("holder"); h != "" {
		return CompetenceHolder(h)
	}
	return holderRecorded
}

// Displaces returns the acts whose row of the same role gives way.
func (c *Competence) Displaces() []*LegalAct { return c.displaces }

// Condition returns the condition in words.
func (c *Competence) Condition() *string { return c.optional("condition") }

// Validity returns when the row holds; it begins with its act where it has no first day of its own.
func (c *Competence) Validity() *Validity {
	v := c.object.Validity()
	if v.From == nil && c.act != nil {
		v.From = c.act.InForceSince()
	}
	return v
}

// CompetenceSubject is what a competence names or leaves out.
type CompetenceSubject struct {
	Kind SubjectKind
	Slug string
	node taxon
}

// Name returns the name of the sector, branch or service; cross-sector rows have a word for all.
func (s *CompetenceSubject) Name(ctx context.Context, lang *Language) string {
	if s.node != nil {
		return s.node.Name(ctx, lang)
	}
	l := language(ctx, lang)
	if s.Slug == "maritime-infrastructure" {
		return pick(l, "maritime Infrastruktur", "maritime infrastructure")
	}
	return pick(l, "alle Sektoren", "all sectors")
}

// Node returns the sector, branch or service itself, nil for cross-sector rows.
func (s *CompetenceSubject) Node() Node {
	if s.node == nil {
		return nil
	}
	return s.node
}

// taxon is a sector, branch or service.
type taxon interface {
	Node
	Name(context.Context, *Language) string
	Slug() string
}
