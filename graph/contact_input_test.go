package graph_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// certificate is one for an e-mail address that ends some years after the moment of the tests.
func certificate(t *testing.T, address string, years int) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), EmailAddresses: []string{address}, NotBefore: moment.AddDate(-2, 0, 0), NotAfter: moment.AddDate(years, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}

func TestWhatAContactPointCannotBe(t *testing.T) {
	w := onSQLite(t)
	real := &world{store: w.store, app: kritis.NewApp(w.store, func() time.Time { return moment }), handler: w.handler}
	real.app.RefuseFiction()
	one := func(channel object) object { return object{"id": officeOfLSI, "channels": []object{channel}} }
	mail := func(more object) object {
		c := object{"kind": "EMAIL", "value": "lage@lsi.bayern.de"}
		for k, v := range more {
			c[k] = v
		}
		return one(c)
	}
	phone := func(more object) object {
		c := object{"kind": "PHONE", "value": "0911 215490"}
		for k, v := range more {
			c[k] = v
		}
		return one(c)
	}
	var many []object
	for i := range 51 {
		many = append(many, object{"kind": "PHONE", "value": fmt.Sprintf("0911 21549-%d", i)})
	}
	const change, create = "contactPointChange", "contactPointCreate"
	for _, c := range []struct {
		name     string
		mutation string
		input    object
		want     string
	}{
		{"no number", change, one(object{"kind": "PHONE", "value": "call us"}), "BAD_INPUT input.channels.0.value"},
		{"an emergency number", change, one(object{"kind": "PHONE", "value": "112"}), "BAD_INPUT input.channels.0.value"},
		{"no address", change, one(object{"kind": "EMAIL", "value": "lage"}), "BAD_INPUT input.channels.0.value"},
		{"no page", change, one(object{"kind": "WEBSITE", "value": "lsi.bayern.de"}), "BAD_INPUT input.channels.0.value"},
		{"no box", change, one(object{"kind": "PO_BOX", "value": "Nürnberg"}), "BAD_INPUT input.channels.0.value"},
		{"a placeholder", change, one(object{"kind": "PO_BOX", "value": "tbd"}), "BAD_INPUT input.channels.0.value"},
		{"the same twice", change, object{"id": officeOfLSI, "channels": []object{{"kind": "PHONE", "value": "0911 215490"}, {"kind": "PHONE", "value": "+49 911 215490"}}}, "BAD_INPUT input.channels.1.value"},
		{"too many", change, object{"id": officeOfLSI, "channels": many}, "BAD_INPUT input.channels"},
		{"always and windows", change, phone(object{"always": true, "windows": []string{"MO 09:00-12:00"}}), "BAD_INPUT input.channels.0.windows"},
		{"a page that is always answered", change, one(object{"kind": "WEBSITE", "value": "https://www.lsi.bayern.de", "always": true}), "BAD_INPUT input.channels.0.always"},
		{"a window over midnight", change, phone(object{"windows": []string{"MO 09:00-12:00", "MO 22:00-06:00"}}), "BAD_INPUT input.channels.0.windows.1"},
		{"a label that says nothing", change, phone(object{"label": "xxx"}), "BAD_INPUT input.channels.0.label"},
		{"a source of tomorrow", change, phone(object{"asOf": "2026-11-02"}), "BAD_INPUT input.channels.0.asOf"},
		{"a channel that one does not see", change, phone(object{"tlp": "RED"}), "BAD_INPUT input.channels.0.tlp"},
		{"a key of a telephone", change, phone(object{"pgp": "x"}), "BAD_INPUT input.channels.0.pgp"},
		{"no OpenPGP key", change, mail(object{"pgp": "x"}), "BAD_INPUT input.channels.0.pgp"},
		{"no certificate", change, mail(object{"smime": "x"}), "BAD_INPUT input.channels.0.smime"},
		{"a certificate of another address", change, mail(object{"smime": certificate(t, "other@lsi.bayern.de", 1)}), "BAD_INPUT input.channels.0.smime"},
		{"a certificate that expired", change, mail(object{"smime": certificate(t, "lage@lsi.bayern.de", -1)}), "BAD_INPUT input.channels.0.smime"},
		{"several mistakes", change, object{"id": officeOfLSI, "nameDe": " ", "channels": []object{{"kind": "PHONE", "value": "1"}, {"kind": "EMAIL", "value": "1"}}},
			"BAD_INPUT input.nameDe, BAD_INPUT input.channels.0.value, BAD_INPUT input.channels.1.value"},

		{"a name of two lines", change, object{"id": officeOfLSI, "nameEn": "a\nb"}, "BAD_INPUT input.nameEn"},
		{"a source that is none", change, object{"id": officeOfLSI, "source": "n/a"}, "BAD_INPUT input.source"},
		{"a source of the future", change, object{"id": officeOfLSI, "asOf": "2026-11-02"}, "BAD_INPUT input.asOf"},
		{"withdrawn by the way", change, object{"id": officeOfLSI, "status": "WITHDRAWN"}, "BAD_INPUT input.status"},
		{"an end before the beginning", change, object{"id": officeOfLSI, "validity": object{"from": "2026-11-02", "until": "2026-11-02"}}, "BAD_INPUT input.validity.until"},
		{"a marking that one does not see", change, object{"id": officeOfLSI, "tlp": "RED"}, "BAD_INPUT input.tlp"},
		{"a holder that nobody knows", change, object{"id": officeOfLSI, "holder": "nobody"}, "NOT_FOUND input.holder"},
		{"published without a holder", change, object{"id": zklOfBavaria, "status": "PUBLISHED"}, "BAD_INPUT input.status"},
		{"another version", change, object{"id": officeOfLSI, "expectedVersion": 2, "hours": "x"}, "CONFLICT input.expectedVersion"},

		{"no Land", create, office("lsi-by", object{"role": "ZKL"}), "BAD_INPUT input.federalStates"},
		{"two Länder", create, office("lsi-by", object{"role": "ZKL", "federalStates": []string{"BY", "HE"}}), "BAD_INPUT input.federalStates"},
		{"a Land that the body does not serve", create, office("lsi-by", object{"federalStates": []string{"HE"}}), "BAD_INPUT input.federalStates"},
		{"an act of an office", create, office("lsi-by", object{"legalAct": "bsig"}), "BAD_INPUT input.legalAct"},
		{"a body that nobody knows", create, office("nobody", nil), "NOT_FOUND input.holder"},
		{"a placeholder that is published", create, office("state-competent-authority", nil), "BAD_INPUT input.holder"},
		{"a channel that is more open than its contact point", create, office("lsi-by", object{"tlp": "AMBER", "channels": []object{{"kind": "PHONE", "value": "0911 215490", "tlp": "CLEAR"}}}), "BAD_INPUT input.channels.0.tlp"},

		{"withdrawn tomorrow", "contactPointWithdraw", object{"id": officeOfLSI, "reason": "moved", "until": "2026-11-02"}, "BAD_INPUT input.until"},
		{"withdrawn without a reason", "contactPointWithdraw", object{"id": officeOfLSI, "reason": " "}, "BAD_INPUT input.reason"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.edit(t, w.caller(t, administrator), c.mutation, c.input)
			if p := strings.Join(got.problems(), ", "); p != c.want || got.ContactPoint != nil || got.ConsistencyToken != nil {
				t.Errorf("%q, want %q: %+v", p, c.want, got.UserErrors)
			}
		})
	}
	n := queryAs[struct{ Node contactPoint }](t, w, developer, `query($id: ID!) { node(id: $id) { ... on ContactPoint { version } } }`, object{"id": officeOfLSI})
	if n.Node.Version != 1 {
		t.Errorf("version %d after refusals", n.Node.Version)
	}
	for _, channel := range []object{{"kind": "EMAIL", "value": "lage@lsi.example"}, {"kind": "WEBSITE", "value": "https://lsi.test/"}} {
		if got := real.edit(t, developer, change, one(channel)).problems(); !slices.Equal(got, []string{"BAD_INPUT input.channels.0.value"}) {
			t.Errorf("where all is real, %v: %v", channel, got)
		}
	}
	w.entered(t, developer, change, one(object{"kind": "EMAIL", "value": "lage@lsi.example"}))
}

func TestAPrivateKeyIsRefusedAndNotRepeated(t *testing.T) {
	w := onSQLite(t)
	text := "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGhpZGRlbiBoaWRkZW4gaGlkZGVuIGhpZGRlbiE=\n-----END PRIVATE KEY-----\n"
	for _, field := range []string{"pgp", "smime"} {
		r := w.reply(t, developer, editDocument("contactPointChange"), object{"input": object{"id": officeOfLSI, "channels": []object{{"kind": "EMAIL", "value": "lage@lsi.bayern.de", field: text}}}})
		if !strings.Contains(r.text, "private key") || strings.Contains(r.text, "MC4C") {
			t.Errorf("%s: %s", field, r.text)
		}
	}
	page, err := w.store.Log(t.Context(), store.Unrestricted(), store.LogQuery{Newest: true, Limit: 1})
	if err != nil || page.Records[0].Change.Meta.Action == "contactPointChange" {
		t.Errorf("%v, %+v", err, page.Records[0].Change.Meta)
	}
}

func TestAKeyStaysUntilAnotherIsEnteredAndIsShownExpired(t *testing.T) {
	w := onSQLite(t)
	list := func(more object) object {
		c := object{"kind": "EMAIL", "value": "lage@lsi.bayern.de"}
		for k, v := range more {
			c[k] = v
		}
		return object{"id": officeOfLSI, "channels": []object{c}}
	}
	text := certificate(t, "lage@lsi.bayern.de", 1)
	key := w.entered(t, developer, "contactPointChange", list(object{"smime": text})).Channels[0].Smime
	if key == nil || key.Expired || key.Key != text || key.ExpiresAt != "2027-11-01T11:00:00Z" {
		t.Fatalf("%+v", key)
	}
	later := w.later(moment.AddDate(1, 0, 1))
	kept := later.entered(t, developer, "contactPointChange", list(object{"label": "Lage"})).Channels[0].Smime
	if kept == nil || !kept.Expired || kept.Fingerprint != key.Fingerprint {
		t.Errorf("kept: %+v", kept)
	}
	if none := later.entered(t, developer, "contactPointChange", list(object{"smime": ""})).Channels[0].Smime; none != nil {
		t.Errorf("removed: %+v", none)
	}
	history := string(later.ask(t, developer, `query($id: ID!) { changes(of: $id, first: 1) { nodes { fieldChanges { field before after } } } }`, object{"id": officeOfLSI}))
	if !strings.Contains(history, `.smime.fingerprint","before":"`+key.Fingerprint) || strings.Contains(history, "CERTIFICATE") {
		t.Errorf("the history: %s", history)
	}
}
