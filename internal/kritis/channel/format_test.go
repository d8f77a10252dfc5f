package channel_test

import (
	"strings"
	"testing"

	"kritisgraph/internal/kritis/channel"
)

func TestFormats(t *testing.T) {
	phone, email, website, address := channel.Phone, channel.Email, channel.Website, channel.Address
	for _, c := range []struct {
		name     string
		read     func(string) (string, error)
		text     string
		want     string
		complain string
	}{
		{"a German number", phone, "0228 99 9582-0", "+492289995820", ""},
		{"a German number in the form of DIN 5008", phone, "(0611) 55-11166", "+496115511166", ""},
		{"a number with its national zero", phone, "+49 (0)611 55-11166", "+496115511166", ""},
		{"an international number", phone, "+43 1 53115-0", "+431531150", ""},
		{"an international number with zeros", phone, "0043 1 53115-0", "+431531150", ""},
		{"a number without area code", phone, "99 9582-0", "", "area code"},
		{"a number that is too long", phone, "+49 228 9995820 9995820 9995820", "", "no such number"},
		{"a number that is too short", phone, "+49 22", "", "no such number"},
		{"zeros where the area code stands", phone, "000100", "", "no such number"},
		{"a country that is none", phone, "+999 228 9995820", "", "no such number"},
		{"letters", phone, "0800 KRITIS", "", "area code"},
		{"the fire brigade", phone, "112", "", "direct number"},
		{"the fire brigade, written internationally", phone, "+49 112", "", "number"},
		{"the medical service", phone, "116 117", "", "direct number"},
		{"the medical service, written internationally", phone, "+49 116117", "", "direct number"},
		{"one digit again and again", phone, "+49 000000000", "", ""},
		{"no number", phone, "", "", "area code"},

		{"an address", email, "Poststelle@BMI.Bund.de", "Poststelle@bmi.bund.de", ""},
		{"an address in its ASCII form", email, "info@xn--mnchen-3ya.de", "info@xn--mnchen-3ya.de", ""},
		{"a name beside it", email, "BSI <bsi@bsi.bund.de>", "", "without a name"},
		{"two addresses", email, "a@bsi.bund.de, b@bsi.bund.de", "", "one e-mail address"},
		{"umlauts in the domain", email, "info@münchen.de", "", "xn--"},
		{"umlauts before it", email, "büro@bsi.bund.de", "", "ASCII"},
		{"a domain that is not whole", email, "root@localhost", "", "whole domain"},
		{"a number of a machine", email, "root@[127.0.0.1]", "", "whole domain"},
		{"a quoted part", email, `"a b"@bsi.bund.de`, "", ""},
		{"xxx", email, "xxx@bsi.bund.de", "", "placeholder"},
		{"an address that is too long", email, strings.Repeat("a", 250) + "@bsi.bund.de", "", "one e-mail address"},

		{"a page", website, "HTTPS://WWW.BSI.Bund.de/Kontakt?x=Y", "https://www.bsi.bund.de/Kontakt?x=Y", ""},
		{"a page without encryption", website, "http://www.bsi.bund.de", "http://www.bsi.bund.de", ""},
		{"a part of an address", website, "www.bsi.bund.de", "", "whole address"},
		{"a script", website, "javascript:alert(1)", "", "whole address"},
		{"a file", website, "ftp://www.bsi.bund.de/", "", "https://"},
		{"a user name", website, "https://admin:secret@www.bsi.bund.de", "", "user names"},
		{"a machine", website, "https://10.0.0.1/", "", "domain"},
		{"a page with spaces", website, "https://www.bsi.bund.de/a b", "", "whole address"},

		{"an address of the post", address, " Alt-Moabit 140 \r\n10557 Berlin", "Alt-Moabit 140\n10557 Berlin", ""},
		{"an address without a number", address, "Berlin", "", "postal code"},
		{"an address with an empty line", address, "Alt-Moabit 140\n\n10557 Berlin", "", "lines of 1"},
		{"an address with a control character", address, "Alt-Moabit 140\x07, 10557 Berlin", "", "lines of 1"},
		{"an address that turns the direction of writing", address, "Alt-Moabit 140\u202e, 10557 Berlin", "", "lines of 1"},
		{"an address in nine lines", address, strings.Repeat("Haus 1\n", 8) + "10557 Berlin", "", "8 lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.read(c.text)
			if got != c.want || (err == nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.complain) {
				t.Errorf("%q: %q, %v", c.text, got, err)
			}
		})
	}
}

func TestWhatStandsForNothingIsAPlaceholder(t *testing.T) {
	for text, want := range map[string]bool{
		"tbd": true, "T.B.D.": true, "n/a": true, "xxx": true, "XX": true, "-": true, "?": true, "unbekannt": true, " ": true, "Todo": true,
		"x": false, "BSI": false, "Lagezentrum": false, "testzentrum": false,
	} {
		if channel.Placeholder(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}
