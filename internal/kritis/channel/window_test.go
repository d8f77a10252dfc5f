package channel_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"kritisgraph/internal/kritis/channel"
)

func TestAWindowOfAnotherFormSaysWhatToWrite(t *testing.T) {
	for text, complain := range map[string]string{
		"MO-FR 09:00-15:00": "", "SU 00:00-24:00": "", "MO-SU 23:59-24:00": "",
		"": "days and hours", "MO-FR": "days and hours", "09:00-15:00": "days and hours", "MO-FR 09:00": "days and hours",
		"Mo-Fr 09:00-15:00": "MO, TU", "MO-WE-FR 09:00-15:00": "MO, TU", "MO,TU 09:00-15:00": "MO, TU",
		"FR-MO 09:00-15:00": "FR-SU and MO-MO", "MO-MO 09:00-15:00": "one day alone: MO",
		"MO 9:00-15:00": "two digits", "MO 09:00-15:60": "two digits", "MO 24:00-24:00": "two digits", "MO 09:00-25:00": "two digits",
		"MO 09:00 - 15:00": "two digits", "MO  09:00-15:00": "two digits", "MO 09.00-15.00": "two digits",
		"MO 15:00-15:00": "end after", "MO-FR 22:00-06:00": "22:00-24:00 and on the next day 00:00-06:00",
	} {
		_, err := channel.ParseWindow(text)
		if (err == nil) != (complain == "") || err != nil && !strings.Contains(err.Error(), complain) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTheNextWindow(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		windows string
		at      string
		start   string
		end     string
	}{
		{"within it", "MO-FR 09:00-15:00", "2026-11-02T10:00:00+01:00", "2026-11-02T09:00:00+01:00", "2026-11-02T15:00:00+01:00"},
		{"its end is excluded", "MO-FR 09:00-15:00", "2026-11-02T15:00:00+01:00", "2026-11-03T09:00:00+01:00", "2026-11-03T15:00:00+01:00"},
		{"over the weekend", "MO-FR 09:00-15:00", "2026-11-06T16:00:00+01:00", "2026-11-09T09:00:00+01:00", "2026-11-09T15:00:00+01:00"},
		{"a week later", "MO 09:00-15:00", "2026-11-02T15:00:00+01:00", "2026-11-09T09:00:00+01:00", "2026-11-09T15:00:00+01:00"},
		{"asked in another zone", "MO 09:00-15:00", "2026-11-01T23:30:00-05:00", "2026-11-02T09:00:00+01:00", "2026-11-02T15:00:00+01:00"},
		{"over midnight in two windows", "MO 22:00-24:00;TU 00:00-06:00", "2026-11-03T01:00:00+01:00", "2026-11-02T22:00:00+01:00", "2026-11-03T06:00:00+01:00"},
		{"windows that overlap", "MO 09:00-12:00;MO 11:00-15:00", "2026-11-02T10:00:00+01:00", "2026-11-02T09:00:00+01:00", "2026-11-02T15:00:00+01:00"},
		{"the pause between two", "MO 09:00-12:00;MO 13:00-15:00", "2026-11-02T12:30:00+01:00", "2026-11-02T13:00:00+01:00", "2026-11-02T15:00:00+01:00"},
		{"none", "", "2026-11-02T12:30:00+01:00", "", ""},
		{"a short day in spring", "SU 00:00-24:00", "2026-03-29T10:00:00+02:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"a long day in autumn", "SU 00:00-24:00", "2026-10-25T10:00:00+01:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"begins in the hour that is left out", "SU 02:30-04:00", "2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"},
		{"ends in the hour that is left out", "SU 01:00-02:30", "2026-03-29T00:00:00+01:00", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"lies in the hour that is left out", "SU 02:10-02:50", "2026-03-29T00:00:00+01:00", "2026-04-05T02:10:00+02:00", "2026-04-05T02:50:00+02:00"},
		{"begins in the hour that comes twice", "SU 02:30-04:00", "2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T04:00:00+01:00"},
		{"ends in the hour that comes twice", "SU 01:00-02:30", "2026-10-25T00:00:00+02:00", "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+01:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			var windows []channel.Window
			for text := range strings.SplitSeq(c.windows, ";") {
				w, err := channel.ParseWindow(text)
				if err != nil && text != "" {
					t.Fatal(err)
				}
				if err == nil {
					windows = append(windows, w)
				}
			}
			got, ok := channel.Next(windows, at, berlin)
			show := func(t time.Time) string { return t.In(berlin).Format(time.RFC3339) }
			if ok != (c.start != "") || ok && (show(got.Start) != c.start || show(got.End) != c.end) {
				t.Errorf("%t: %s to %s", ok, show(got.Start), show(got.End))
			}
		})
	}
}
