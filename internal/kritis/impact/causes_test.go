package impact_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kritisgraph/internal/kritis/impact"
)

// patient is a context that ends when it was looked at so often.
type patient struct {
	context.Context
	looks, most int
}

func (p *patient) Err() error {
	if p.looks++; p.looks > p.most {
		return context.Canceled
	}
	return nil
}

// pairs are facilities that stand in a row, each the provider of the next, and in a second row beside it, which nothing joins to the first.
func pairs(length int) impact.Data {
	var list []impact.Edge
	for _, row := range []string{"a", "b"} {
		for i := range length {
			list = append(list, impact.Edge{
				Key: fmt.Sprintf("%s%03d", row, i), Provider: key(fmt.Sprintf("%s%03d", row, i)), Dependent: key(fmt.Sprintf("%s%03d", row, i+1)),
				Kind: impact.Logical, Strength: impact.Whole, Figures: impact.Sourced,
			})
		}
	}
	return country(list)
}

func TestACommonCauseIsNotSoughtForNobody(t *testing.T) {
	g := build(t, pairs(20))
	bounds := impact.DefaultBounds()
	bounds.MaxDepth = 10
	for name, subjects := range map[string][]string{"that have one": {key("a010"), key("a012")}, "that have none": {key("a010"), key("b010")}} {
		q := impact.CausesQuestion{Subjects: subjects, Bounds: bounds}
		all := &patient{Context: t.Context(), most: 1 << 30}
		if _, _, err := g.CommonCauses(all, q); err != nil {
			t.Fatal(err)
		}
		for most := range all.looks {
			p := &patient{Context: t.Context(), most: most}
			if _, _, err := g.CommonCauses(p, q); !errors.Is(err, context.Canceled) || p.looks > most+2 { // one more to say why it ended
				t.Errorf("subjects %s, ended at look %d: %v after %d looks", name, most+1, err, p.looks)
			}
		}
		if all.looks < 10 {
			t.Errorf("subjects %s: only %d looks in 10 levels", name, all.looks)
		}
	}
}

// TestManySubjectsHaveTheCausesThatEachOfThemHas compares sets of subjects larger than what is sought at once with the causes of pairs.
func TestManySubjectsHaveTheCausesThatEachOfThemHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const hubs, most = 4, 200
		count := rapid.IntRange(2, most).Draw(t, "subjects")
		var list []impact.Edge
		missing := map[int]int{} // hub to the subject that it does not supply
		for h := range hubs {
			missing[h] = rapid.IntRange(-1, most-1).Draw(t, "missing")
			for s := range count {
				if s != missing[h] {
					list = append(list, impact.Edge{
						Key: fmt.Sprintf("h%d-%03d", h, s), Provider: key(fmt.Sprint("h", h)), Dependent: key(fmt.Sprintf("s%03d", s)),
						Kind: impact.Logical, Strength: impact.Whole, Figures: impact.Sourced, TimeToImpact: hour * impact.Seconds(h),
					})
				}
			}
		}
		g, err := impact.NewGraph(country(list))
		if err != nil {
			t.Fatal(err)
		}
		var subjects, want, got []string
		for s := range count {
			subjects = append(subjects, key(fmt.Sprintf("s%03d", s)))
		}
		for h := range hubs {
			if missing[h] < 0 || missing[h] >= count {
				want = append(want, key(fmt.Sprint("h", h)))
			}
		}
		causes, _, err := g.CommonCauses(context.Background(), impact.CausesQuestion{Subjects: subjects, Bounds: impact.DefaultBounds()})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range causes {
			got = append(got, c.Subject)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("of %d subjects (-want +got)\n%s", count, diff)
		}
	})
}

// BenchmarkCommonCauses measures how long the search goes on after its context ended.
func BenchmarkCommonCauses(b *testing.B) {
	g := build(b, large())
	for _, count := range []int{2, 20, 100, 500} {
		q := impact.CausesQuestion{Bounds: impact.DefaultBounds()}
		q.Bounds.MaxDepth = 10
		for i := range count {
			q.Subjects = append(q.Subjects, fmt.Sprintf("facility:%05d", i*45_000/count))
		}
		b.Run(fmt.Sprintf("%d subjects for half a second", count), func(b *testing.B) {
			for b.Loop() {
				ctx, cancel := context.WithTimeout(b.Context(), time.Second/2)
				if _, _, err := g.CommonCauses(ctx, q); err != nil && !errors.Is(err, context.DeadlineExceeded) {
					b.Fatal(err)
				}
				cancel()
			}
		})
	}
}
