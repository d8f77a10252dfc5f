package archive_test

import (
	"errors"
	"strings"
	"testing"

	"kritisgraph/internal/archive"
	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// FuzzReader holds a reader to its word: a file is refused as such, or what it says can be imported; and an accepted log is
// exported again byte for byte.
func FuzzReader(f *testing.F) {
	file := told(f)
	f.Add(file)
	f.Add(handWritten)
	f.Add(file[:len(file)/2])
	f.Add(strings.Replace(file, `"version":1`, `"version":2`, 1))
	f.Add(strings.ReplaceAll(file, "\n", "\r\n"))
	f.Fuzz(func(t *testing.T, file string) {
		r, err := archive.NewReader(strings.NewReader(file), storetest.Schema())
		if err != nil {
			if !errors.Is(err, archive.ErrFile) {
				t.Fatal(err)
			}
			return
		}
		s := newStore(t)
		_, err = archive.Import(t.Context(), strings.NewReader(file), s, everything(), archive.Options{})
		switch {
		case errors.Is(err, archive.ErrFile), errors.Is(err, store.ErrExists), errors.Is(err, store.ErrInvalid):
			if mark, err := s.Head(t.Context(), store.Mark{}); err != nil || mark.Seq != 0 {
				t.Fatalf("a refused file left something: %v, %v", mark, err)
			}
		case err != nil:
			t.Fatal(err)
		case !r.ByHand():
			if again := export(t, s); again != file {
				t.Fatalf("%s\nbecame\n%s", file, again)
			}
		}
	})
}
