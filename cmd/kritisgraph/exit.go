package main

import (
	"errors"
	"fmt"
	"io"

	"kritisgraph/internal/store"
)

// The exit codes of every command.
const (
	exitDone  = 0
	exitNo    = 1 // the answer is no: findings, errors in the response, a file refused, not ready
	exitUsage = 2 // usage or configuration
	exitStore = 3 // the store cannot be reached or is in use
)

// exitError is an error that decides the exit code itself. Without a cause nothing is printed: the command has said it.
type exitError struct {
	code  int
	cause error
}

// Error says what went wrong.
func (e *exitError) Error() string {
	if e.cause == nil {
		return "the answer is no"
	}
	return e.cause.Error()
}

// Unwrap returns the cause.
func (e *exitError) Unwrap() error { return e.cause }

// errNo ends a command with exit 1 after it has printed why.
var errNo = &exitError{code: exitNo}

// usage is an error of how the program was called or configured: exit 2.
func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, cause: fmt.Errorf(format, args...)}
}

// failedAction marks an error that a command returned, as against one of reading its arguments.
func failedAction(err error) error {
	var known *exitError
	if err == nil || errors.As(err, &known) {
		return err
	}
	if _, trouble := storeTrouble(err); trouble {
		return &exitError{code: exitStore, cause: err}
	}
	return &exitError{code: exitNo, cause: err}
}

// exitCode is 0 for no error, what the error says, and else 2: the arguments were not understood.
func exitCode(err error) int {
	var known *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &known):
		return known.code
	}
	return exitUsage
}

// explain prints an error and what to do about it.
func explain(w io.Writer, err error) {
	var known *exitError
	if errors.As(err, &known) && known.cause == nil {
		return
	}
	_, _ = fmt.Fprintf(w, "kritisgraph: %v\n", err)
	if remedy, _ := storeTrouble(err); remedy != "" {
		_, _ = fmt.Fprintf(w, "kritisgraph: %s\n", remedy)
	}
}

// storeTrouble reports whether the store is the trouble, and what to do about it where the error does not say so itself.
func storeTrouble(err error) (remedy string, trouble bool) {
	switch {
	case errors.Is(err, store.ErrNoStore):
		return "To make one, start 'kritisgraph serve' with the same --store and --data.", true
	case errors.Is(err, store.ErrLoading):
		return "Wait until the process that loads it is ready. If none runs, start 'kritisgraph serve': it loads again from the beginning.", true
	case errors.Is(err, store.ErrSchema):
		return "An older store is migrated by the start of 'kritisgraph serve'; a newer one needs the newer program.", true
	case errors.Is(err, store.ErrInUse), errors.Is(err, store.ErrUnavailable):
		return "", true
	}
	return "", false
}
