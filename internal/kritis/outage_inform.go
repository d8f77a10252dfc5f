package kritis

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kritisgraph/internal/kritis/impact"
	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/store"
)

// BodyToInform is a body that is responsible for something that fails.
type BodyToInform struct {
	Authority   *Authority
	Duties      []*InformDuty
	StartsAfter time.Duration // of the earliest entry for which it is responsible
	InformedAt  *time.Time    // nil where it was not, or in a simulation
}

// InformDuty is why a body has to be informed.
type InformDuty struct {
	LegalAct  *LegalAct
	Provision string
	Role      responsibility.Role
}

// informing is what the responsibility function says of the entries. It is asked once, when somebody wants to know.
type informing struct {
	once       sync.Once
	bodies     []*BodyToInform
	unresolved int32 // entries
	err        error
}

// BodiesToInform returns the bodies that the responsibility function names for the entries, those of the earliest entry first, then by slug.
func (i *Impact) BodiesToInform(ctx context.Context) ([]*BodyToInform, error) {
	informed, err := i.informed(ctx)
	if err != nil {
		return nil, err
	}
	return informed.bodies, nil
}

func (i *Impact) informed(ctx context.Context) (*informing, error) {
	i.inform.once.Do(func() { i.inform.err = i.inform.ask(ctx, i) })
	return &i.inform, i.inform.err
}

// ask applies the responsibility function to each entry: to a facility or operator as it is registered, to a branch as a place in each of its Länder.
func (n *informing) ask(ctx context.Context, i *Impact) error {
	x := i.excerpt
	end, err := x.view.turn(ctx)
	if err != nil {
		return err
	}
	defer end()
	var ids []store.ID
	for _, e := range i.answer.Entries {
		if isRegistered(e.Subject) {
			ids = append(ids, subjectID(e.Subject))
		}
	}
	reg, err := x.view.readRegister(ctx, ids)
	if err != nil {
		return err
	}
	byBody, rule := map[*Authority]*BodyToInform{}, ruleMemory{book: x.book, day: x.day, known: map[string]responsibility.Answer{}}
	for k := range i.answer.Entries {
		e := &i.answer.Entries[k]
		units, err := reg.unitsOf(e, x)
		if err != nil {
			return err
		}
		answers, err := rule.answers(units, i.purposes)
		if err != nil {
			return err
		}
		resolved := false
		for _, answer := range answers {
			resolved = resolved || answer.Status != responsibility.Unresolved
			for r := range answer.Regimes {
				n.regime(x.book, &answer.Regimes[r], duration(e.StartsAfter), byBody)
			}
		}
		if !resolved {
			n.unresolved++
		}
	}
	i.noteInformed(byBody)
	slices.SortFunc(n.bodies, func(a, b *BodyToInform) int {
		return cmp.Or(cmp.Compare(a.StartsAfter, b.StartsAfter), compareText(a.Authority.Slug(), b.Authority.Slug()))
	})
	return nil
}

// ruleMemory asks the responsibility function once for units that are alike: of many facilities of a branch in a Land one answer is enough.
type ruleMemory struct {
	book  *Rulebook
	day   Day
	known map[string]responsibility.Answer
}

// answers are those for some purposes; there is none where too little is registered to ask.
func (m *ruleMemory) answers(units []responsibility.Unit, purposes []responsibility.Purpose) ([]responsibility.Answer, error) {
	var out []responsibility.Answer
	for _, purpose := range purposes {
		answer, err := m.answer(units, purpose)
		if errors.Is(err, responsibility.ErrInput) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, answer)
	}
	return out, nil
}

func (m *ruleMemory) answer(units []responsibility.Unit, purpose responsibility.Purpose) (responsibility.Answer, error) {
	key := unitsKey(units, purpose)
	if answer, ok := m.known[key]; ok {
		return answer, nil
	}
	answer, err := m.book.rule.Answer(responsibility.Question{Units: units, Purpose: purpose, Day: responsibility.Day(m.day)})
	m.known[key] = answer
	return answer, err
}

// regime adds the certain bodies of a regime. The entries come earliest first.
func (n *informing) regime(book *Rulebook, regime *responsibility.Regime, startsAfter time.Duration, byBody map[*Authority]*BodyToInform) {
	for k := range regime.Chain {
		step := &regime.Chain[k]
		body := book.body(step.Body)
		if body == nil {
			continue
		}
		b := byBody[body]
		if b == nil {
			b = &BodyToInform{Authority: body, StartsAfter: startsAfter}
			byBody[body] = b
			n.bodies = append(n.bodies, b)
		}
		duty := &InformDuty{LegalAct: book.act(regime.Act), Provision: book.competence(step.Competence).Provision(), Role: step.Role}
		if !slices.ContainsFunc(b.Duties, func(d *InformDuty) bool { return *d == *duty }) {
			b.Duties = append(b.Duties, duty)
		}
	}
}

// noteInformed takes from the record of the incident who was informed when.
func (i *Impact) noteInformed(byBody map[*Authority]*BodyToInform) {
	if i.incident == nil {
		return
	}
	at := map[string]time.Time{}
	for _, entry := range i.incident.list("informed") {
		if slug, t, ok := informedOf(entry); ok {
			at[slug] = t
		}
	}
	for body, b := range byBody {
		if t, ok := at[body.Slug()]; ok {
			b.InformedAt = &t
		}
	}
}

// informedOf reads who was told of an incident, and when.
func informedOf(entry string) (slug string, at time.Time, ok bool) {
	slug, micros, _ := strings.Cut(entry, "=")
	n, err := strconv.ParseInt(micros, 10, 64)
	return slug, time.UnixMicro(n).UTC(), err == nil
}

// unitsOf are the units of an entry for the responsibility function.
func (r *register) unitsOf(e *impact.Entry, x *excerpt) ([]responsibility.Unit, error) {
	id := subjectID(e.Subject)
	global := GlobalID(id)
	switch store.Label(id.Kind()) {
	case LabelFacility:
		return r.units(SubjectInput{Facility: &global}, x.day)
	case LabelOperator:
		return r.units(SubjectInput{Operator: &global}, x.day)
	}
	units := make([]responsibility.Unit, len(e.FederalStates))
	for i, code := range e.FederalStates {
		units[i] = responsibility.Unit{Site: code, Attributes: responsibility.Attributes{}}
		if store.Label(id.Kind()) == LabelService {
			units[i].Service = id.Key()
		} else {
			units[i].Branch = id.Key()
		}
	}
	return units, nil
}

// unitsKey is equal for units about which the responsibility function says the same for a purpose.
func unitsKey(units []responsibility.Unit, purpose responsibility.Purpose) string {
	var b strings.Builder
	b.WriteString(string(purpose))
	for _, u := range units {
		supply := slices.Clone(u.Affected)
		slices.Sort(supply)
		b.WriteString("\n" + strings.Join([]string{u.Site, strings.Join(supply, " "), u.Service, u.Branch, u.Sector}, "|"))
		for _, p := range attributes() {
			if value, known := u.Attributes[p.Name]; known {
				b.WriteString("|" + p.Name + "=" + value)
			}
		}
	}
	return b.String()
}
