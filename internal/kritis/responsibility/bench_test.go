package responsibility_test

import (
	"testing"

	"kritisgraph/internal/kritis/responsibility"
)

func BenchmarkAnswer(b *testing.B) {
	rb := shipped(b)
	utility := responsibility.Operator{Seat: "HE", Attributes: facts("ownership=MUNICIPAL")}
	for _, s := range []string{"electricity-supply", "gas-supply", "drinking-water-supply", "district-heating-supply", "wastewater-disposal"} {
		utility.Facilities = append(utility.Facilities, responsibility.Facility{
			Site: "HE", Supply: []string{"RP"}, Subject: responsibility.Subject{Service: s},
		})
	}
	for _, bb := range []struct {
		name  string
		units []responsibility.Unit
	}{
		{"place, everything known", []responsibility.Unit{branch("BW", "electricity", "energyRole=NETWORK_OPERATOR")}},
		{"place, broadest", []responsibility.Unit{sector("BW", "ict")}},
		{"operator of five facilities", utility.Units()},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rb.Answer(responsibility.Question{Units: bb.units, Purpose: responsibility.ForCyberIncident, Day: today}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCoverage(b *testing.B) {
	rb := shipped(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rb.Coverage("kritisdachg", today, responsibility.ForSupervision); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewRulebook(b *testing.B) {
	d := shippedData(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := responsibility.NewRulebook(d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	rb := shipped(b)
	for name, ended := range map[string]string{"one branch": "c059", "all sectors": "c169"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				compare(b, rb, responsibility.Amendment{From: "2026-12-01", End: []string{ended}})
			}
		})
	}
}
