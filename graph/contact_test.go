package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
)

const contactFields = `id version role status name(lang: EN) provision legalAct { slug } holder { slug } federalStates { code } tlp validity { from until }
	evidence { source asOf confidence } verifiedAt reachability { hours }
	channels { kind value purpose label always windows tlp validity { from until } evidence { source asOf confidence }
		pgp { fingerprint expired } smime { fingerprint expiresAt expired key } }`

type contactChannel struct {
	Kind, Value, Purpose, Tlp string
	Label                     *string
	Always                    bool
	Windows                   []string
	Validity                  struct{ From, Until *string }
	Evidence                  struct{ Source, AsOf, Confidence string }
	Smime                     *struct {
		Fingerprint, ExpiresAt, Key string
		Expired                     bool
	}
}

type contactPoint struct {
	ID, Role, Status, Name, Tlp string
	Version                     int
	Provision                   *string
	LegalAct, Holder            *struct{ Slug string }
	FederalStates               []struct{ Code string }
	Validity                    struct{ From, Until *string }
	Evidence                    struct{ Source, AsOf, Confidence string }
	VerifiedAt                  *string
	Channels                    []contactChannel
}

// values are the values of the channels, in order.
func (p *contactPoint) values() []string {
	out := []string{}
	for _, c := range p.Channels {
		out = append(out, c.Value)
	}
	return out
}

type edited struct {
	ContactPoint     *contactPoint
	UserErrors       []userError
	ConsistencyToken *string
}

// problems are the errors of a mutation as "CODE path".
func (e *edited) problems() []string {
	out := []string{}
	for _, x := range e.UserErrors {
		out = append(out, x.Code+" "+strings.Join(x.Path, "."))
	}
	return out
}

func editDocument(mutation string) string {
	return fmt.Sprintf(`mutation($input: %sInput!) { result: %s(input: $input) { contactPoint { %s } userErrors { code path message } consistencyToken } }`,
		strings.ToUpper(mutation[:1])+mutation[1:], mutation, contactFields)
}

// edit runs a mutation of contact points.
func (w *world) edit(t testing.TB, p kritis.Principal, mutation string, input object) *edited {
	t.Helper()
	body := w.ask(t, p, editDocument(mutation), object{"input": input})
	var r struct {
		Data   struct{ Result *edited }
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(body, &r); err != nil || len(r.Errors) > 0 || r.Data.Result == nil {
		t.Fatalf("%s: %v %s", mutation, err, body)
	}
	return r.Data.Result
}

// entered runs a mutation that has to succeed.
func (w *world) entered(t testing.TB, p kritis.Principal, mutation string, input object) *contactPoint {
	t.Helper()
	e := w.edit(t, p, mutation, input)
	if len(e.UserErrors) > 0 || e.ContactPoint == nil || e.ConsistencyToken == nil {
		t.Fatalf("%s: %+v", mutation, e)
	}
	return e.ContactPoint
}

// wantChecked has the store checked as kritisgraph check does.
func (w *world) wantChecked(t *testing.T) {
	t.Helper()
	report, err := kritis.Check(t.Context(), w.store)
	if err != nil || report.Errors() > 0 {
		t.Errorf("check: %v, %v", err, report.Findings[:min(5, len(report.Findings))])
	}
}

// later is the same world at another moment.
func (w *world) later(at time.Time) *world {
	return &world{calls: w.calls, store: w.store, app: kritis.NewApp(w.store, func() time.Time { return at }), handler: w.handler}
}

var (
	administrator = kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}}
	bavaria       = kritis.Identity{Subject: "officer-by", Body: "zkl-de-by"}
	zklOfBavaria  = kritis.GlobalID("ContactPoint/zkl-de-by")
	officeOfBSI   = kritis.GlobalID("ContactPoint/office-bsi")
	officeOfLSI   = kritis.GlobalID("ContactPoint/office-lsi-by")
)

// office is the input of a new office, with some fields set.
func office(holder string, more object) object {
	in := object{
		"role": "OFFICE", "holder": holder, "nameDe": "Lagezentrum", "nameEn": "Situation centre", "source": "https://www.bayern.de/", "asOf": "2026-10-31",
		"confidence": "VERIFIED", "tlp": "CLEAR",
	}
	for k, v := range more {
		in[k] = v
	}
	return in
}

func TestAContactPointIsEnteredChangedAndWithdrawn(t *testing.T) { checkContactPoint(t, onSQLite(t)) }

func checkContactPoint(t *testing.T, w *world) {
	officer := w.caller(t, bavaria)
	made := w.entered(t, officer, "contactPointCreate", office("lsi-by", object{"hours": "Mo-Fr 08:00-16:00", "channels": []object{
		{"kind": "PHONE", "value": "0911 21549-0", "label": "Lagezentrum", "purpose": "INCIDENT", "always": true},
		{"kind": "EMAIL", "value": "Lage@LSI.Bayern.de", "windows": []string{"MO-FR 08:00-16:00"}, "tlp": "AMBER", "source": "letter of 30 October", "asOf": "2026-10-30", "confidence": "MEMORY"},
	}}))
	if made.Version != 1 || made.Status != "PUBLISHED" || made.Holder.Slug != "lsi-by" || made.FederalStates[0].Code != "BY" || made.LegalAct != nil ||
		*made.Validity.From != "2026-11-01" || *made.VerifiedAt != "2026-10-30T23:00:00Z" {
		t.Errorf("made: %+v", made)
	}
	phone, mail := made.Channels[0], made.Channels[1]
	if phone.Value != "0911 21549-0" || !phone.Always || phone.Purpose != "INCIDENT" || phone.Tlp != "CLEAR" || phone.Evidence.Source != "https://www.bayern.de/" {
		t.Errorf("phone: %+v", phone)
	}
	if mail.Value != "Lage@lsi.bayern.de" || mail.Tlp != "AMBER" || mail.Windows[0] != "MO-FR 08:00-16:00" || mail.Evidence.Confidence != "MEMORY" || mail.Purpose != "GENERAL" {
		t.Errorf("mail: %+v", mail)
	}
	public := queryAs[struct{ Node *contactPoint }](t, w, kritis.Anonymous(), `query($id: ID!) { node(id: $id) { ... on ContactPoint { `+contactFields+` } } }`, object{"id": made.ID})
	if public.Node == nil || len(public.Node.Channels) != 1 {
		t.Errorf("the public sees %+v", public.Node)
	}

	next := w.later(moment.AddDate(0, 0, 1))
	changed := next.entered(t, officer, "contactPointChange", object{"id": made.ID, "expectedVersion": 1, "nameEn": "Situation centre of Bavaria", "hours": "", "channels": []object{
		{"kind": "EMAIL", "value": "lage@lsi.bayern.de"}, // another local part is another address
		{"kind": "PHONE", "value": "+49 911 215490", "label": "Lagezentrum", "purpose": "INCIDENT", "always": true},
	}, "asOf": "2026-11-02"})
	if changed.Version != 2 || changed.Name != "Situation centre of Bavaria" || changed.Evidence.AsOf != "2026-11-02" || changed.Evidence.Source != made.Evidence.Source ||
		!slices.Equal(changed.values(), []string{"lage@lsi.bayern.de", "+49 911 215490"}) {
		t.Errorf("changed: %+v", changed)
	}
	if from := changed.Channels[1].Validity.From; *from != "2026-11-01" {
		t.Errorf("the number that stays begins on %s", *from)
	}

	last := next.entered(t, officer, "contactPointWithdraw", object{"id": made.ID, "reason": "moved"})
	if last.Version != 3 || last.Status != "WITHDRAWN" || *last.Validity.Until != "2026-11-02" {
		t.Errorf("withdrawn: %+v", last)
	}
	for mutation, input := range map[string]object{
		"contactPointChange": {"id": made.ID, "hours": "x"}, "contactPointWithdraw": {"id": made.ID, "reason": "again"},
	} {
		if got := next.edit(t, officer, mutation, input).problems(); !slices.Equal(got, []string{"CONFLICT input.id"}) {
			t.Errorf("%s of what is withdrawn: %v", mutation, got)
		}
	}
	back := w.entered(t, officer, "contactPointCreate", office("lsi-by", object{"validity": object{"from": "2027-01-01"}}))
	gone := w.entered(t, officer, "contactPointWithdraw", object{"id": back.ID, "reason": "never came"})
	if *gone.Validity.From != "2027-01-01" || *gone.Validity.Until != "2027-01-01" {
		t.Errorf("taken back before it began: %+v", gone.Validity)
	}
	w.wantChecked(t)
}

func TestChannelsOfAnotherDayShowOnThatDay(t *testing.T) {
	w := onSQLite(t)
	officer := w.caller(t, bavaria)
	list := func(values ...string) []object {
		out := []object{}
		for _, v := range values {
			out = append(out, object{"kind": "PHONE", "value": v})
		}
		return out
	}
	w.entered(t, officer, "contactPointChange", object{"id": officeOfLSI, "channels": list("0911 111110", "0911 222220")})
	december := w.later(time.Date(2026, 12, 10, 12, 0, 0, 0, kritis.Berlin))
	december.entered(t, officer, "contactPointChange", object{"id": officeOfLSI, "channels": list("0911 222220", "0911 333330"), "reason": "new line"})
	const document = `query($at: DateTime) { contactPoints(where: {role: {eq: OFFICE}, holder: {some: {slug: {eq: "lsi-by"}}}}, asOf: $at) { nodes { channels { value } } } }`
	for at, want := range map[string][]string{
		"2026-11-15T12:00:00+01:00": {"0911 111110", "0911 222220"},
		"2026-12-09T23:59:00+01:00": {"0911 111110", "0911 222220"},
		"2026-12-10T00:00:00+01:00": {"0911 222220", "0911 333330"},
	} {
		type answer struct {
			ContactPoints struct{ Nodes []contactPoint }
		}
		got := queryAs[answer](t, december, officer, document, object{"at": at})
		if len(got.ContactPoints.Nodes) != 1 || !slices.Equal(got.ContactPoints.Nodes[0].values(), want) {
			t.Errorf("%s: %+v", at, got)
		}
	}
	history := string(december.ask(t, officer, `query($id: ID!) { changes(of: $id, first: 1) { nodes { action reason fieldChanges { field before after } } } }`, object{"id": officeOfLSI}))
	for _, want := range []string{
		`"action":"contactPointChange","reason":"new line"`, `.validity.until","before":null,"after":"2026-12-10"`, `.value","before":null,"after":"0911 333330"`,
	} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %s: %s", want, history)
		}
	}
	december.entered(t, officer, "contactPointChange", object{"id": officeOfLSI, "channels": []object{
		{"kind": "PHONE", "value": "0911 222220", "windows": []string{"MO-FR 08:00-16:00", "SA 10:00-12:00"}}, {"kind": "PHONE", "value": "0911 333330"},
	}})
	history = string(december.ask(t, officer, `query($id: ID!) { changes(of: $id, first: 1) { nodes { fieldChanges { field before after } } } }`, object{"id": officeOfLSI}))
	if !strings.Contains(history, `.windows","before":null,"after":"MO-FR 08:00-16:00, SA 10:00-12:00"`) || strings.Count(history, `"field"`) != 1 {
		t.Errorf("one field of one channel was changed: %s", history)
	}
	december.wantChecked(t)
}

func TestAChangeOfChannelsKeepsAndTellsNothingOfHiddenOnes(t *testing.T) {
	narrow := kritis.Identity{Subject: "admin", Roles: []string{"ADMINISTRATOR"}, MaxTLP: "GREEN"}
	worlds := map[string]*world{"without": onSQLite(t), "with": hiddenWorld(t)}
	var answers []string
	for _, name := range []string{"without", "with"} {
		w := worlds[name]
		p := w.caller(t, narrow)
		var said strings.Builder
		for _, list := range [][]object{
			{{"kind": "EMAIL", "value": "lage@bsi.bund.de"}},
			{{"kind": "PHONE", "value": secret, "always": true}, {"kind": "EMAIL", "value": "lage@bsi.bund.de"}},
			{},
		} {
			e := w.edit(t, p, "contactPointChange", object{"id": officeOfBSI, "channels": list})
			e.ConsistencyToken = nil
			text, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			said.Write(text)
		}
		answers = append(answers, said.String())
	}
	worlds["without"].wantChecked(t)
	if answers[0] != answers[1] || !strings.Contains(answers[0], secret) {
		t.Errorf("the answers differ:\n%s\n%s", answers[0], answers[1])
	}
	left := queryAs[struct{ Node contactPoint }](t, worlds["with"], developer, `query($id: ID!) { node(id: $id) { ... on ContactPoint { `+contactFields+` } } }`, object{"id": officeOfBSI})
	if !slices.Equal(left.Node.values(), []string{secret}) {
		t.Errorf("what is left: %v", left.Node.values())
	}
}

func TestOfTwentyEditorsOfChannelsOneWinsPerVersion(t *testing.T) {
	checkChannelEditors(t, onSQLite(t))
}

func checkChannelEditors(t *testing.T, w *world) {
	for version := 1; version <= 2; version++ {
		var wait sync.WaitGroup
		won := make([]bool, editors)
		for i := range editors {
			wait.Go(func() {
				e := w.edit(t, developer, "contactPointChange", object{"id": officeOfLSI, "expectedVersion": version, "channels": []object{{"kind": "PHONE", "value": fmt.Sprintf("0911 2154%02d", i)}}})
				won[i] = len(e.UserErrors) == 0
				if !won[i] && e.problems()[0] != "CONFLICT input.expectedVersion" {
					t.Errorf("%v", e.UserErrors)
				}
			})
		}
		wait.Wait()
		n := queryAs[struct{ Node contactPoint }](t, w, developer, `query($id: ID!) { node(id: $id) { ... on ContactPoint { version channels { value } } } }`, object{"id": officeOfLSI})
		i := slices.Index(won, true)
		if i < 0 || slices.Contains(won[i+1:], true) || n.Node.Version != version+1 || !slices.Equal(n.Node.values(), []string{fmt.Sprintf("0911 2154%02d", i)}) {
			t.Errorf("version %d: %v, %+v", version, won, n.Node)
		}
	}
	w.wantChecked(t)
}

func TestTheSameEntryAgainIsTheSameContactPoint(t *testing.T) {
	w := onSQLite(t)
	in := office("lsi-by", object{"clientMutationId": "one", "channels": []object{{"kind": "PHONE", "value": "0911 215490"}}})
	first, again := w.entered(t, developer, "contactPointCreate", in), w.entered(t, developer, "contactPointCreate", in)
	if first.ID != again.ID || again.Version != 1 || len(again.Channels) != 1 {
		t.Errorf("%+v, then %+v", first, again)
	}
	in["nameEn"] = "Another"
	if got := w.edit(t, developer, "contactPointCreate", in).problems(); !slices.Equal(got, []string{"IDEMPOTENCY_CONFLICT input.clientMutationId"}) {
		t.Errorf("another one under the key: %v", got)
	}
}
