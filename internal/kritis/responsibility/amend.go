package responsibility

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Amendment is a change of the competences on one day: rows that end and rows that begin. A row is never changed in place, so
// another version of one is an end and an addition.
type Amendment struct {
	From Day
	End  []string     // ids of rows; From is the first day on which they do not count
	Add  []Competence // begin on From, with an id of their own
}

// With gives the rulebook after an amendment; rb stays as it is. Its error joins a Flaw for each part that does not fit: a row to
// end that there is not, that is not valid on the day or stands twice (field end), an added row that says what another one says that
// day, and all that [NewRulebook] refuses.
func (rb *Rulebook) With(a Amendment) (*Rulebook, error) {
	d := rb.data()
	v := &verifier{}
	for i, id := range a.End {
		v.in("end").end(&d, a, i, id)
	}
	known := len(d.Competences)
	for _, c := range a.Add {
		c.ValidFrom, c.ValidUntil = a.From, ""
		d.Competences = append(d.Competences, c)
	}
	for i := known; i < len(d.Competences); i++ {
		c := &d.Competences[i]
		if twin := twinOf(c, d.Competences[:i]); twin != nil {
			v.in("").fail("competence", c.ID, "says what %s says already: act, subject, Land, body, role and conditions are the same", twin.ID)
		}
	}
	after, err := NewRulebook(d)
	if err != nil || len(v.errs) > 0 {
		return nil, errors.Join(append(v.errs, err)...)
	}
	return after, nil
}

// Without gives the rulebook as it would be if an amendment had not been made: rows that it ended do not end then, and rows that it
// added are gone. Where something else ended them since, they stay ended.
func (rb *Rulebook) Without(a Amendment) (*Rulebook, error) {
	d := rb.data()
	d.Competences = slices.DeleteFunc(d.Competences, func(c Competence) bool {
		return slices.ContainsFunc(a.Add, func(added Competence) bool { return added.ID == c.ID })
	})
	for i := range d.Competences {
		if c := &d.Competences[i]; slices.Contains(a.End, c.ID) && c.ValidUntil == a.From {
			c.ValidUntil = ""
		}
	}
	return NewRulebook(d)
}

// end closes a row on the first day of the amendment, or says why it cannot.
func (v *verifier) end(d *Data, a Amendment, n int, id string) {
	const kind = "competence"
	i := slices.IndexFunc(d.Competences, func(c Competence) bool { return c.ID == id })
	switch {
	case slices.Contains(a.End[:n], id):
		v.fail(kind, id, "stands twice among the rows to end")
		return
	case i < 0:
		v.fail(kind, id, "does not exist")
		return
	}
	switch c := &d.Competences[i]; {
	case c.ValidUntil != "" && c.ValidUntil <= a.From:
		v.fail(kind, id, "has ended on %s already", c.ValidUntil)
	case c.ValidFrom >= a.From:
		v.fail(kind, id, "begins on %s only, so it cannot end on %s", c.ValidFrom, a.From)
	default:
		c.ValidUntil = a.From
	}
}

// twinOf finds a row that is valid when c begins and says the same, or nil. What differs is how sure it is, or its source.
func twinOf(c *Competence, rows []Competence) *Competence {
	for i := range rows {
		if x := &rows[i]; (x.ValidUntil == "" || x.ValidUntil > c.ValidFrom) && said(x) == said(c) {
			return x
		}
	}
	return nil
}

// said is what a row says, without its origin, validity and remarks. The order of conditions, values and slugs does not matter.
func said(c *Competence) string {
	var conds []string
	for _, cond := range c.AppliesWhen {
		values := slices.Sorted(slices.Values(cond.Values))
		conds = append(conds, fmt.Sprint(cond.Attribute, values))
	}
	slices.Sort(conds)
	notFor, displaces := slices.Sorted(slices.Values(c.NotFor)), slices.Sorted(slices.Values(c.Displaces))
	return fmt.Sprintf("%q", []any{c.Act, c.Kind, c.Subject, c.Land, c.Body, strings.ToUpper(string(c.Role)), conds, notFor, displaces, c.Gate, c.NotRecorded})
}

// data gives what the rulebook was made of, with lists of its own.
func (rb *Rulebook) data() Data {
	d := Data{
		Bodies: rb.bodies, Sectors: rb.sectors, Branches: rb.branches, Services: rb.services, Lands: rb.lands, Designations: rb.designations,
	}
	for i := range rb.acts {
		d.Acts = append(d.Acts, rb.acts[i].Act)
	}
	for i := range rb.rows {
		d.Competences = append(d.Competences, *rb.rows[i].Competence)
	}
	for _, held := range rb.held {
		d.Held = append(d.Held, held...)
	}
	return d
}

// changedRows gives the rows that only one of two rulebooks has as they are, as rows of the one that has them.
func changedRows(a, b *Rulebook) []*row {
	var out []*row
	only := func(of, other *Rulebook) {
		byID := make(map[string]*Competence, len(other.rows))
		for i := range other.rows {
			byID[other.rows[i].ID] = other.rows[i].Competence
		}
		for i := range of.rows {
			if r := &of.rows[i]; byID[r.ID] == nil || !reflect.DeepEqual(r.Competence, byID[r.ID]) {
				out = append(out, r)
			}
		}
	}
	only(a, b)
	only(b, a)
	return out
}
