package picture

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// clean makes one line of a text: white space and control characters become single spaces, what would turn the direction of
// reading goes. Invalid UTF-8 becomes the replacement character.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		case r == 0xFFFE || r == 0xFFFF: // no characters, and not allowed in XML
			return unicode.ReplacementChar
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// span says seconds for people, such as 1 d 2 h. Zero is "at once".
func span(seconds int64) string {
	if seconds == 0 {
		return "at once"
	}
	var parts []string
	for _, u := range []struct {
		name string
		size int64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
		if n := seconds / u.size; n != 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
		}
		seconds %= u.size
	}
	return strings.Join(parts, " ")
}

const millionth = 1_000_000

// decimal writes millionths with as many decimals as they need.
func decimal(millionths int64) string {
	return strconv.FormatFloat(float64(millionths)/millionth, 'f', -1, 64)
}

// figures is the word of the API for where figures come from.
func figures(estimated bool) string {
	if estimated {
		return "ESTIMATED"
	}
	return "SOURCED"
}

// lines are the label of a node as lines of a picture: its name, where it is, how it fails.
func (n *Node) lines() []string {
	lines := []string{clean(n.Label)}
	if lines[0] == "" {
		lines[0] = clean(n.Key)
	}
	if where := n.where(); where != "" {
		lines = append(lines, where)
	}
	switch {
	case n.Root:
		lines = append(lines, "root")
	case n.Loss != nil:
		lines = append(lines, fmt.Sprintf("wave %d · %s · %s", n.Loss.Wave, span(n.Loss.StartsAfter), decimal(n.Loss.Strength)))
	}
	return lines
}

// few is how many Länder a label names; of more it says how many there are.
const few = 4

func (n *Node) where() string {
	if len(n.FederalStates) > few {
		return fmt.Sprintf("%d Länder", len(n.FederalStates))
	}
	return clean(strings.Join(n.FederalStates, ", "))
}

// lines are the label of an edge: after how long and how strongly, and the need that it is an alternative of.
func (e *Edge) lines() []string {
	lines := []string{span(e.Delay) + " · " + decimal(e.Strength)}
	if e.Need != "" {
		lines = append(lines, "need "+clean(e.Need))
	}
	return lines
}

// lastWave is the class of this wave and all later ones.
const lastWave = 4

// class tells roots and waves apart; empty where nobody asked what fails. It is not "root": Mermaid has a class of that name for the whole drawing.
func (n *Node) class() string {
	switch {
	case n.Root:
		return "roots"
	case n.Loss != nil:
		return fmt.Sprintf("wave%d", min(max(n.Loss.Wave, 1), lastWave))
	}
	return ""
}

// look is the colour of a class: of the area, the text and the line.
type look struct{ class, fill, text, line string }

// Dark to light, from the roots on: told apart in print and with any colour vision.
var looks = []look{
	{"roots", "#7f1d1d", "#ffffff", "#450a0a"},
	{"wave1", "#f59e0b", "#000000", "#78350f"},
	{"wave2", "#fcd34d", "#000000", "#78350f"},
	{"wave3", "#fef3c7", "#000000", "#78350f"},
	{"wave4", "#fafaf9", "#000000", "#78350f"},
}

const faintLine = "#a3a3a3"
