package scalar_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/graph/scalar"
	"kritisgraph/internal/kritis"
)

func TestValuesOfScalarsAreReadAndOthersRefusedWithAnExample(t *testing.T) {
	date := func(v any) (any, error) { return scalar.UnmarshalDate(v) }
	dateTime := func(v any) (any, error) { return scalar.UnmarshalDateTime(v) }
	duration := func(v any) (any, error) { return scalar.UnmarshalDuration(v) }
	ars := func(v any) (any, error) { return scalar.UnmarshalArs(v) }
	address := func(v any) (any, error) { return scalar.UnmarshalUrl(v) }
	number := func(v any) (any, error) { return scalar.UnmarshalInt(t.Context(), v) }
	id := func(v any) (any, error) { return scalar.UnmarshalID(v) }
	for _, c := range []struct {
		name  string
		read  func(any) (any, error)
		value any
		want  any    // nil: refused
		says  string // in the error
	}{
		{"a date", date, "2026-03-17", kritis.Day("2026-03-17"), ""},
		{"a leap day", date, "2028-02-29", kritis.Day("2028-02-29"), ""},
		{"a day that the calendar lacks", date, "2026-02-29", nil, "2026-03-17"},
		{"not a date", date, "not a date", nil, `"not a date" is not a Date: write it like 2026-03-17`},
		{"a date as a number", date, json.Number("20260317"), nil, "2026-03-17"},
		{"an instant", dateTime, "2026-11-01T12:00:00Z", time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), ""},
		{"an instant without offset", dateTime, "2026-11-01T12:00:00", nil, "+01:00"},
		{"an instant that is a date", dateTime, "2026-11-01", nil, "+01:00"},
		{"a long text is cut in the message", dateTime, strings.Repeat("x", 500), nil, "..."},
		{"ninety days", duration, "P90D", 90 * 24 * time.Hour, ""},
		{"two weeks", duration, "P2W", 14 * 24 * time.Hour, ""},
		{"days, hours, minutes and seconds", duration, "P1DT2H3M4S", 26*time.Hour + 3*time.Minute + 4*time.Second, ""},
		{"nothing", duration, "PT0S", time.Duration(0), ""},
		{"a month has no fixed length", duration, "P1M", nil, "P90D, PT72H or P1DT2H; months and years have no fixed length"},
		{"a year has no fixed length", duration, "P1Y", nil, "months and years have no fixed length"},
		{"weeks stand alone", duration, "P1W2D", nil, "P90D"},
		{"no parts", duration, "P", nil, "P90D"},
		{"no parts after T", duration, "P1DT", nil, "P90D"},
		{"hours without T", duration, "P2H", nil, "P90D"},
		{"wrong order", duration, "PT1S1H", nil, "P90D"},
		{"a fraction", duration, "PT0.5S", nil, "P90D"},
		{"a sign", duration, "-P1D", nil, "P90D"},
		{"a signed part", duration, "P+1D", nil, "P90D"},
		{"more than fits", duration, "P99999999999999D", nil, "P90D"},
		{"a sum that overflows", duration, "P106751DT9999999999S", nil, "P90D"},
		{"small letters", duration, "p1d", nil, "P90D"},
		{"a Land", ars, "09", "09", ""},
		{"a municipality", ars, "091620000000", "091620000000", ""},
		{"four digits", ars, "0916", nil, "09162"},
		{"no Land", ars, "17", nil, "09162"},
		{"an address", address, "https://www.bsi.bund.de", "https://www.bsi.bund.de", ""},
		{"a script", address, "javascript:alert(1)", nil, "https://"},
		{"a relative address", address, "/x", nil, "https://"},
		{"a number of 32 bits", number, json.Number("2147483647"), 2147483647, ""},
		{"a number above", number, json.Number("2147483648"), nil, "32 bits"},
		{"a fraction as Int", number, json.Number("1.5"), nil, "whole number"},
		{"text as Int", number, "5", nil, "a number"},
		{"an id", id, "MTp4", "MTp4", ""},
		{"an id that is a list", id, []any{"x"}, nil, "text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.read(c.value)
			switch {
			case c.want == nil && err == nil:
				t.Fatalf("read as %v", got)
			case c.want == nil && !strings.Contains(err.Error(), c.says):
				t.Fatalf("error %q does not say %q", err, c.says)
			case c.want != nil && err != nil:
				t.Fatal(err)
			case c.want != nil && got != c.want:
				t.Fatalf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAbsentValuesAreWrittenAsNull(t *testing.T) {
	for name, m := range map[string]graphql.Marshaler{
		"day": scalar.MarshalDate(""), "instant": scalar.MarshalDateTime(time.Time{}),
		"address": scalar.MarshalUrl(""), "key": scalar.MarshalArs(""),
	} {
		if m != graphql.Null {
			t.Errorf("%s: not null", name)
		}
	}
}

func TestANumberThatDoesNotFitIsAnErrorOfItsField(t *testing.T) {
	var out bytes.Buffer
	if err := scalar.MarshalInt(1<<31).MarshalGQLContext(t.Context(), &out); err == nil {
		t.Fatalf("written as %s", out.String())
	}
	if err := scalar.MarshalInt(83_577_140).MarshalGQLContext(t.Context(), &out); err != nil || out.String() != "83577140" {
		t.Fatalf("got %q, %v", out.String(), err)
	}
}
