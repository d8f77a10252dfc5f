package impact

import (
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/kritis/duration"
)

// Seconds is a span of time in whole seconds.
type Seconds int64

const day Seconds = 24 * 60 * 60

// String writes an ISO 8601 duration in canonical form, days first: P1DT2H, PT6M, PT0S.
func (s Seconds) String() string { return duration.Format(time.Duration(s) * time.Second) }

// Strength is how much of a service is lost, in millionths: [Whole] is all of it.
type Strength int32

// Whole is the strength of a complete loss.
const Whole Strength = 1_000_000

// String writes it as a decimal with up to six digits after the point: 1, 0.5, 0.617738.
func (s Strength) String() string {
	digits := strconv.FormatInt(int64(s%Whole)+int64(Whole), 10)[1:]
	whole := strconv.FormatInt(int64(s/Whole), 10)
	if digits = strings.TrimRight(digits, "0"); digits == "" {
		return whole
	}
	return whole + "." + digits
}

// through is what is left of a loss after an edge, rounded half up.
func (s Strength) through(edge Strength) Strength {
	return Strength((int64(s)*int64(edge) + int64(Whole)/2) / int64(Whole))
}
