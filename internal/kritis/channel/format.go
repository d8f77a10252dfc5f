package channel

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// The greatest lengths in characters.
const (
	maxPhone   = 60
	maxEmail   = 254
	maxWebsite = 2_000
	maxLines   = 8
	maxLine    = 100
)

var (
	phoneText = regexp.MustCompile(`^\(?(\+|00?)[0-9 ()/.\-\x{2010}-\x{2013}]+$`)
	hostText  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)
)

// emergency are the national numbers that are routed by the place of the caller.
var emergency = []string{"110", "112", "115", "116116", "116117"}

// Phone returns a German or international number in the form of E.164, such as +49228995820. German numbers have their area
// code. Emergency numbers and other short ones are refused: they reach another place from elsewhere.
func Phone(text string) (string, error) {
	const write = "write a telephone number with its area code, such as 0228 99 9582-0 or +49 228 99 9582-0"
	if utf8.RuneCountInString(text) > maxPhone || !phoneText.MatchString(text) {
		if slices.Contains(emergency, strings.ReplaceAll(text, " ", "")) {
			return "", errShort
		}
		return "", errors.New(write)
	}
	number, err := phonenumbers.Parse(text, "DE")
	if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
		return "", errors.New("no such number is possible: " + write)
	}
	national := phonenumbers.GetNationalSignificantNumber(number)
	if number.GetCountryCode() == 49 && slices.Contains(emergency, national) {
		return "", errShort
	}
	if strings.Count(national, national[:1]) == len(national) {
		return "", errPlaceholder
	}
	written := phonenumbers.Format(number, phonenumbers.E164)
	if again, err := phonenumbers.Parse(written, ""); err != nil || phonenumbers.Format(again, phonenumbers.E164) != written {
		return "", errors.New("no such number is possible: " + write)
	}
	return written, nil
}

var (
	errShort       = errors.New("emergency and service numbers reach another place from elsewhere: write the direct number of the body")
	errPlaceholder = errors.New("this looks like a placeholder: leave the channel out until it is known")
)

// Email returns an address without a display name, with its domain in small letters. The domain is written in ASCII: one with
// other letters in its form xn--….
func Email(text string) (string, error) {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Name != "" || address.Address != text || len(text) > maxEmail {
		return "", errors.New("write one e-mail address without a name, such as poststelle@bmi.bund.de")
	}
	at := strings.LastIndex(text, "@")
	local, domain := text[:at], strings.ToLower(text[at+1:])
	if strings.ContainsFunc(local, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == '"' }) {
		return "", errors.New("write the part before @ in ASCII letters, digits and signs")
	}
	if err := checkHost(domain); err != nil {
		return "", err
	}
	if Placeholder(local) {
		return "", errPlaceholder
	}
	return local + "@" + domain, nil
}

func checkHost(host string) error {
	switch {
	case strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }):
		return errors.New("write the domain in ASCII: one with umlauts in its form xn--…")
	case !hostText.MatchString(host) || len(host) > 253:
		return errors.New("write a whole domain, such as bmi.bund.de")
	}
	return nil
}

// Website returns an absolute http or https address, with scheme and host in small letters.
func Website(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxWebsite || !u.IsAbs() || u.Host == "" || u.User != nil || strings.ContainsFunc(text, unicode.IsSpace) {
		return "", errors.New("write a whole address without user names, such as https://www.bsi.bund.de")
	}
	if u.Scheme = strings.ToLower(u.Scheme); u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("write an address that begins with https:// (or http://)")
	}
	u.Host = strings.ToLower(u.Host)
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return "", errors.New("write the domain of the page, not the number of a machine")
	}
	if err := checkHost(u.Hostname()); err != nil {
		return "", err
	}
	return u.String(), nil
}

// Address returns a postal address or a post office box with its lines trimmed. It has at most eight lines of 100 characters,
// among them a place.
func Address(text string) (string, error) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
		if lines[i] == "" || utf8.RuneCountInString(line) > maxLine || !Printable(line) {
			return "", errors.New("write an address in lines of 1 to 100 characters")
		}
	}
	whole := strings.Join(lines, "\n")
	if len(lines) > maxLines || !strings.ContainsFunc(whole, unicode.IsDigit) || !strings.ContainsFunc(whole, unicode.IsLetter) {
		return "", errors.New("write an address with number, postal code and place in at most 8 lines, such as Alt-Moabit 140, 10557 Berlin")
	}
	return whole, nil
}

// Printable reports whether a text has neither control characters nor marks that change the direction of writing.
func Printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.C, r) && r != '\u00ad' })
}

// placeholders are what people write where they do not know.
var placeholders = []string{
	"", "tbd", "tba", "todo", "na", "none", "null", "nil", "unknown", "unbekannt", "keine", "leer", "folgt", "dummy", "test", "asdf", "foo",
	"placeholder", "platzhalter", "mustermann", "maxmustermann", "nochoffen",
}

// Placeholder reports whether a text stands for something that is not known, such as tbd, n/a or xxx.
func Placeholder(text string) bool {
	plain := strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text))
	return slices.Contains(placeholders, plain) || len(plain) > 1 && strings.Count(plain, "x") == len(plain)
}
