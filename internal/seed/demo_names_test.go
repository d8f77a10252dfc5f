package seed_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"kritisgraph/internal/seed"
	"kritisgraph/internal/store"
)

var (
	anyDomain = regexp.MustCompile(`[\p{L}\d-]+(\.[\p{L}\d-]+)*\.[a-z]{2,}`)
	reserved  = regexp.MustCompile(`^\+49(3023125|6990009|4066969|2214710|8999998)\d{3}$`)
	person    = regexp.MustCompile(`(?i)\b(Herrn?|Frau|Dr\.|Prof\.|Ansprechpartner(in)?|Geschäftsführer(in)?)(\s|$)`)
)

func TestPhoneNumbersAreReservedForFiction(t *testing.T) {
	phones := 0
	for id, n := range collect(t, demo(seed.Medium)).nodes {
		v := n.Prop("phone")
		if v.IsZero() {
			continue
		}
		phones++
		if number, err := phonenumbers.Parse(v.Text(), "DE"); !reserved.MatchString(v.Text()) || err != nil || !phonenumbers.IsPossibleNumber(number) {
			t.Errorf("%s: %q is not reserved for fiction", id, v.Text())
		}
	}
	if phones != 1_119 {
		t.Errorf("%d phone numbers", phones)
	}
}

func TestTextsNameNoRealDomainAndNoPerson(t *testing.T) {
	domains := 0
	check := func(id store.ID, text string) {
		for _, found := range anyDomain.FindAllString(text, -1) {
			domains++
			if !strings.HasSuffix(found, ".example") {
				t.Errorf("%s names the domain %q", id, found)
			}
		}
		if person.MatchString(text) {
			t.Errorf("%s may name a person: %q", id, text)
		}
	}
	for id, n := range collect(t, demo(seed.Medium)).nodes {
		for _, v := range n.Props {
			for _, text := range append(v.List(), v.Text()) {
				check(id, text)
			}
		}
	}
	if domains < 2*1_119 {
		t.Errorf("only %d domains were seen", domains)
	}
}
