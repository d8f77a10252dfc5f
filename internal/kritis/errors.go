package kritis

import (
	"context"
	"errors"
	"fmt"

	"kritisgraph/internal/store"
)

// Code is the machine-readable kind of an Error, one of the values of the API's ErrorCode.
type Code string

// The codes that the domain gives.
const (
	CodeBadInput      Code = "BAD_USER_INPUT"
	CodeCursorInvalid Code = "CURSOR_INVALID"
	CodeNotFound      Code = "NOT_FOUND"
	CodeLimit         Code = "LIMIT_EXCEEDED"
	CodeLoading       Code = "LOADING"
	CodeUnavailable   Code = "UNAVAILABLE"
	CodeTimeout       Code = "TIMEOUT"
	// CodeUnauthenticated is of a token that is missing, expired or not accepted.
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	// CodeForbidden is of a field, an action or a document that another role or key may use, never of an object that may be hidden.
	CodeForbidden Code = "FORBIDDEN"
	CodeInternal  Code = "INTERNAL"
)

// Error is what a use case tells its caller: a code, a message that says what to do, and the fields of the input that it
// is about. Err keeps the cause for the log; it is never shown.
type Error struct {
	Code    Code
	Message string
	Fields  []string
	Err     error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// BadInput returns the error for a field of the input that is not allowed.
func BadInput(field, format string, args ...any) *Error {
	e := &Error{Code: CodeBadInput, Message: fmt.Sprintf(format, args...)}
	if field != "" {
		e.Fields = []string{field}
	}
	return e
}

// NotFound returns the error for something that does not exist or is hidden: one answer for both.
func NotFound(field, what string) *Error {
	e := &Error{Code: CodeNotFound, Message: what + " does not exist, or is not visible for you."}
	if field != "" {
		e.Fields = []string{field}
	}
	return e
}

// Unauthenticated returns the error for a token or key that is not accepted: one message for all reasons, which stay in the log.
func Unauthenticated(reason error) *Error {
	return &Error{
		Code: CodeUnauthenticated, Err: reason,
		Message: "The token is missing, expired or not accepted: send a valid one as 'Authorization: Bearer …', or none for the public directory.",
	}
}

// AsError turns any error into one for the user. What is not expected is CodeInternal with a message that tells nothing.
func AsError(err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Error{Code: CodeTimeout, Message: "The request took too long or was cancelled: ask for less.", Err: err}
	case errors.Is(err, store.ErrCursor):
		return &Error{Code: CodeCursorInvalid, Message: "The cursor is damaged or belongs to another list: start again without it.", Err: err}
	case errors.Is(err, store.ErrLoading):
		return &Error{Code: CodeLoading, Message: "The store is being filled: try again shortly.", Err: err}
	case errors.Is(err, store.ErrUnknownOutcome):
		return &Error{Code: CodeUnavailable, Message: "The store did not confirm the change: look whether it was made before you try again.", Err: err}
	case errors.Is(err, store.ErrUnavailable):
		return &Error{Code: CodeUnavailable, Message: "The store cannot be reached: try again; nothing was changed.", Err: err}
	case errors.Is(err, store.ErrNotFound):
		return &Error{Code: CodeNotFound, Message: "It does not exist, or is not visible for you.", Err: err}
	}
	return &Error{Code: CodeInternal, Message: "Something went wrong on the server.", Err: err}
}
