package responsibility

// GapCode says what is missing.
type GapCode string

// The codes. The first five come from the rule and make a regime partial; the last three speak of reachability, are added
// from the contact points afterwards (see [Step.Reachability]) and never change a status.
const (
	NotPublished  GapCode = "NOT_PUBLISHED"
	NotDesignated GapCode = "NOT_DESIGNATED"
	NotRecorded   GapCode = "NOT_RECORDED"
	NotYetInForce GapCode = "NOT_YET_IN_FORCE"
	NotConfirmed  GapCode = "NOT_CONFIRMED"
	StaleContact  GapCode = "STALE_CONTACT"
	NoChannel     GapCode = "NO_CHANNEL"
	No247Channel  GapCode = "NO_24_7_CHANNEL"
)

var gapCodes = []GapCode{NotPublished, NotDesignated, NotRecorded, NotYetInForce, NotConfirmed, StaleContact, NoChannel, No247Channel}

// GapCodes gives all codes in the order in which lists of codes name them.
func GapCodes() []GapCode { return append([]GapCode(nil), gapCodes...) }

func codeIndex(c GapCode) int {
	for i, x := range gapCodes {
		if x == c {
			return i
		}
	}
	return -1
}

// Gap is something missing for an act.
type Gap struct {
	Code GapCode
	Role Role   // empty: the act as a whole
	Land string // code, or empty
	Body *Body  // of the step that the gap belongs to, or nil

	rb    *Rulebook
	act   *act
	row   *row // of the step, or the one that begins later
	maker *row
	since Day // of a reachability gap: last verification, or empty
}

// FirstDay gives the day on which the gap NOT_YET_IN_FORCE ends; empty for other codes.
func (g *Gap) FirstDay() Day {
	switch {
	case g.Code != NotYetInForce:
		return ""
	case g.row != nil:
		return g.row.from
	default:
		return g.act.start
	}
}

// Reachability makes a gap of the last three codes for a certain step. verified is the day on which the contact point was last
// verified, or empty.
func (s *Step) Reachability(code GapCode, verified Day) Gap {
	return Gap{Code: code, Role: s.Role, Land: s.Land, Body: s.Body, rb: s.rb, act: s.act, row: s.row, since: verified}
}
