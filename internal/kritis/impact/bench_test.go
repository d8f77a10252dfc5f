package impact_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"kritisgraph/internal/kritis/impact"
)

// large is a graph of the size of the large demo data: 45,000 facilities and 900,000 dependencies, half of them with alternatives, most of them between
// neighbours, with figures as the reference data have them.
func large() impact.Data {
	const facilities, degree = 45_000, 20
	r := rand.New(rand.NewPCG(1, 2))
	d := impact.Data{FederalStates: []impact.FederalState{{Code: "BY", ARS: "09", Population: 13_000_000}}}
	name := func(i int) string { return fmt.Sprintf("facility:%05d", i) }
	for i := range facilities {
		people := r.Int64N(100_000)
		d.Nodes = append(d.Nodes, impact.Node{
			Key: name(i), Site: "BY", SupplyArea: []impact.Area{{ARS: fmt.Sprintf("09%03d", i%96), Population: &people}}, BackupPower: span(float64(r.IntN(48))),
		})
	}
	for i := range facilities {
		for k := range degree {
			provider := (i + 1 + k*7 + r.IntN(7) + facilities) % facilities
			if r.IntN(10) == 0 {
				provider = (i + 200 + r.IntN(facilities-400)) % facilities
			}
			e := impact.Edge{
				Key: fmt.Sprintf("e%05d-%02d", i, k), Provider: name(provider), Dependent: name(i), Kind: impact.Physical, Figures: impact.Estimated,
				Strength: impact.Strength(300_000 + 50_000*r.IntN(14)), TimeToImpact: hour * impact.Seconds(r.IntN(72)),
			}
			if k%4 < 2 {
				e.Need = fmt.Sprint(k / 4)
			}
			d.Edges = append(d.Edges, e)
		}
	}
	return d
}

func BenchmarkImpact(b *testing.B) {
	d := large()
	g, err := impact.NewGraph(d)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("build 45,000 facilities and 900,000 edges", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := impact.NewGraph(d); err != nil {
				b.Fatal(err)
			}
		}
	})
	q := impact.Question{Roots: []impact.Root{{Key: "facility:00000"}}, Bounds: impact.DefaultBounds()}
	q.Bounds.MaxNodes = 10_000
	for _, depth := range []int{3, 10} {
		q.Bounds.MaxDepth = depth
		b.Run(fmt.Sprintf("cascade of depth %d", depth), func(b *testing.B) {
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				q.Roots[0].Key = fmt.Sprintf("facility:%05d", n*997%45_000)
				a, err := g.Impact(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(a.Entries)), "entries")
			}
		})
	}
	b.Run("single points among 1,000 candidates", func(b *testing.B) {
		var candidates []string
		for i := range 1000 {
			candidates = append(candidates, fmt.Sprintf("facility:%05d", i*45))
		}
		for b.Loop() {
			if _, err := g.SinglePointsOfFailure(b.Context(), impact.PointsQuestion{Candidates: candidates}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
