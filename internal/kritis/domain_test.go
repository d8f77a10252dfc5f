package kritis_test

import (
	"context"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/kritis/responsibility"
	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/sqlitestore"
)

var testNow = time.Date(2026, 11, 1, 12, 0, 0, 0, kritis.Berlin)

// openReference opens a fresh store with the reference data.
func openReference(t *testing.T) *store.Store {
	t.Helper()
	ctx := context.Background()
	driver, err := sqlitestore.Open(ctx, sqlitestore.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Create(ctx, driver, kritis.Schema(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(ctx) })
	if err := s.Load(ctx, s.Sealed(seed.ReferenceChanges(testNow))); err != nil {
		t.Fatal(err)
	}
	return s
}

func p[T any](x T) *T { return &x }

func TestTheDomainAnswersFromTheStore(t *testing.T) {
	ctx := context.Background()
	app := kritis.NewApp(openReference(t), func() time.Time { return testNow })
	view := app.View(kritis.Development("test"))
	r, err := view.Responsibility(ctx, kritis.ResponsibilityInput{
		Subject: kritis.SubjectInput{Place: &kritis.PlaceInput{
			FederalState: p(kritis.FederalStateCode("BW")), Branch: p("electricity"),
			Attributes: &kritis.SubjectAttributesInput{EnergyRole: p(kritis.EnergyRole("NETWORK_OPERATOR"))},
		}},
		Purpose: responsibility.ForCyberIncident,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status() != responsibility.Partial {
		t.Errorf("status %s", r.Status())
	}
	for _, regime := range r.Regimes() {
		t.Log(regime.LegalAct().Slug(), regime.Status())
		for _, s := range regime.Chain() {
			t.Log("  ", s.Position(), s.Role(), s.Authority().Slug(), s.Because().Explanation(ctx, nil))
			if cp := s.ContactPoint(); cp != nil {
				t.Log("      ", cp.Role(), cp.Status(), cp.Stale())
			}
		}
		for _, g := range regime.Gaps() {
			t.Log("   gap", g.Code(), g.Message(ctx, nil), g.Remedy(ctx, nil))
		}
	}
	cov, err := view.Coverage(ctx, "kritisdachg", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cov.Rows()[0].Cells {
		t.Log(c.Sector.Slug(), c.Status, len(c.Gaps))
	}
	lack, err := cov.LackingContactPoint(ctx, kritis.ContactZKL)
	if err != nil || len(lack) != 16 {
		t.Error(err, len(lack))
	}
}
