package scalar

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/internal/kritis"
)

// MarshalDateTime writes an instant with its offset, to the second or finer; the zero instant is null.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalString(t.Format(time.RFC3339Nano))
}

// UnmarshalDateTime reads an RFC 3339 date-time with an offset.
func UnmarshalDateTime(v any) (time.Time, error) {
	const example = "2026-11-01T12:00:00+01:00"
	text, ok := v.(string)
	if !ok {
		return time.Time{}, wrong("DateTime", v, example)
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() == 0 {
		return time.Time{}, wrong("DateTime", v, example)
	}
	return t, nil
}

// MarshalDate writes a day; the empty day is null.
func MarshalDate(day kritis.Day) graphql.Marshaler { return text(string(day)) }

// UnmarshalDate reads an RFC 3339 full-date that the calendar has.
func UnmarshalDate(v any) (kritis.Day, error) {
	const example = "2026-03-17"
	text, ok := v.(string)
	if !ok {
		return "", wrong("Date", v, example)
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", wrong("Date", v, example)
	}
	return kritis.Day(text), nil
}
