package scalar

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/internal/kritis/duration"
)

// MarshalDuration writes whole seconds canonically, days first: P1DT2H, PT6M, PT0S.
func MarshalDuration(d time.Duration) graphql.Marshaler {
	return graphql.MarshalString(duration.Format(d))
}

// UnmarshalDuration reads weeks, days, hours, minutes and whole seconds, in this order. Months and years have no fixed length.
func UnmarshalDuration(v any) (time.Duration, error) {
	const example = "P90D, PT72H or P1DT2H"
	text, ok := v.(string)
	if !ok {
		return 0, wrong("Duration", v, example)
	}
	d, ok := duration.Parse(text)
	switch {
	case !ok && duration.Calendar(text):
		return 0, wrong("Duration", v, example+"; months and years have no fixed length")
	case !ok:
		return 0, wrong("Duration", v, example)
	}
	return d, nil
}
