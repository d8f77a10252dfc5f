package storetest

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kritisgraph/internal/store"
)

// RunModel plays random sequences of changes and reads to a driver and compares each answer, and each refusal, with the
// model. Run includes it. It makes 20 sequences, 4 under -short, unless -rapid.checks or RAPID_CHECKS says another number.
func RunModel(t *testing.T, open func(t testing.TB) store.Driver) {
	if f := flag.Lookup("rapid.checks"); f != nil && f.DefValue == "100" && f.Value.String() == f.DefValue {
		checks := "20"
		if testing.Short() {
			checks = "4"
		}
		if err := f.Value.Set(checks); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := f.Value.Set(f.DefValue); err != nil {
				t.Error(err)
			}
		})
	}
	rapid.Check(t, func(rt *rapid.T) {
		steps := sequences(t).Draw(rt, "sequence")
		if message := attempt(t, func(tb testing.TB) { play(newWorld(tb, open), steps) }); message != "" {
			rt.Fatal(message)
		}
	})
}

// step is one part of a sequence: a change, or a read of both that fails the test if they differ.
type step struct {
	change *store.Change
	read   readStep
}

type readStep struct {
	what string
	ask  func(*world)
}

type sequence []step

// GoString prints the sequence step by step, as a failure shows it.
func (s sequence) GoString() string {
	var b strings.Builder
	for i, step := range s {
		fmt.Fprintf(&b, "\n%d: ", i)
		if step.change != nil {
			fmt.Fprintf(&b, "commit %+v", *step.change)
		} else {
			b.WriteString(step.read.what)
		}
	}
	return b.String()
}

// play gives the steps to driver and model alike.
func play(w *world, steps sequence) {
	for i, s := range steps {
		if s.change == nil {
			s.read.ask(w)
			continue
		}
		_, want := w.model.Commit(w.Context(), *s.change)
		_, err := w.driver.Commit(w.Context(), *s.change)
		if !alike(err, want) {
			w.Fatalf("step %d, a change: got error %v, the model %v", i, err, want)
		}
	}
	w.everything()
	w.verifies()
}

// alike reports whether two outcomes of a commit are the same. Which of several preconditions fails is left open.
func alike(got, want error) bool {
	if got == nil || want == nil {
		return got == nil && want == nil
	}
	var conflict *store.ConflictError
	if errors.As(want, &conflict) {
		return errors.As(got, &conflict)
	}
	for _, sentinel := range []error{store.ErrReplayed, store.ErrExists, store.ErrInvalid} {
		if errors.Is(want, sentinel) {
			return errors.Is(got, sentinel)
		}
	}
	return false
}

// attempt runs a test that may fail any number of times while a failure is made smaller: it returns the message of the
// failure and cleans up at once.
func attempt(t *testing.T, run func(testing.TB)) (message string) {
	tb := &attemptTB{TB: t}
	defer tb.cleanUp()
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			message = string(r)
		default:
			panic(r)
		}
	}()
	run(tb)
	return ""
}

type failure string

type attemptTB struct {
	testing.TB
	cleanups []func()
}

func (a *attemptTB) cleanUp() {
	for len(a.cleanups) > 0 {
		last := a.cleanups[len(a.cleanups)-1]
		a.cleanups = a.cleanups[:len(a.cleanups)-1]
		last()
	}
}

func (a *attemptTB) Cleanup(f func())                  { a.cleanups = append(a.cleanups, f) }
func (a *attemptTB) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }
func (a *attemptTB) Fatal(args ...any)                 { panic(failure(fmt.Sprint(args...))) }
func (a *attemptTB) Errorf(format string, args ...any) { a.Fatalf(format, args...) }
func (a *attemptTB) Error(args ...any)                 { a.Fatal(args...) }
