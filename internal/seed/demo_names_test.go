package seed_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"kritisgraph/internal/seed"
)

func TestNothingBelongsToAnybody(t *testing.T) {
	w := collect(t, demo(seed.Medium))
	domain := regexp.MustCompile(`[\p{L}\d-]+(\.[\p{L}\d-]+)*\.[a-z]{2,}`)
	reserved := regexp.MustCompile(`^\+49(3023125|6990009|4066969|2214710|8999998)\d{3}$`)
	person := regexp.MustCompile(`(?i)\b(Herrn?|Frau|Dr\.|Prof\.|Ansprechpartner(in)?|Geschäftsführer(in)?)(\s|$)`)
	phones := 0
	for id, n := range w.nodes {
		for name, v := range n.Props {
			if name == "phone" {
				phones++
				if number, err := phonenumbers.Parse(v.Text(), "DE"); !reserved.MatchString(v.Text()) || err != nil || !phonenumbers.IsPossibleNumber(number) {
					t.Errorf("%s: %q is not reserved for fiction", id, v.Text())
				}
				continue
			}
			for _, text := range append(v.List(), v.Text()) {
				for _, found := range domain.FindAllString(text, -1) {
					if !strings.HasSuffix(found, ".example") {
						t.Errorf("%s: %s names the domain %q", id, name, found)
					}
				}
				if person.MatchString(text) {
					t.Errorf("%s: %s may name a person: %q", id, name, text)
				}
			}
		}
	}
	if phones != 1_119 {
		t.Errorf("%d phone numbers", phones)
	}
}
