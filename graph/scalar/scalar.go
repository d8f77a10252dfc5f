package scalar

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"kritisgraph/internal/kritis"
)

// An InputError says why a value is none of a scalar and shows a right one; the message is meant for the caller.
type InputError struct{ message string }

// Error returns the message.
func (e *InputError) Error() string { return e.message }

func refuse(format string, args ...any) error {
	return &InputError{message: fmt.Sprintf(format, args...)}
}

// wrong is the error for a value that is none of a scalar that is written as text.
func wrong(scalar string, v any, example string) error {
	s, ok := v.(string)
	if !ok {
		return refuse("a %s is written as text, for example %s", scalar, example)
	}
	const most = 40
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "..."
	}
	return refuse("%q is not a %s: write it like %s", s, scalar, example)
}

// text writes text; the empty text is an absent one, null.
func text(s string) graphql.Marshaler {
	if s == "" {
		return graphql.Null
	}
	return graphql.MarshalString(s)
}

// MarshalID writes a global id.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID reads a global id; a number is one that nobody has.
func UnmarshalID(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	}
	return "", refuse("an ID is written as text, not as %T", v)
}

// MarshalInt writes a number that GraphQL's 32 bits hold; another one is an error of the field.
func MarshalInt(n int) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(_ context.Context, w io.Writer) error {
		if n < math.MinInt32 || n > math.MaxInt32 {
			return fmt.Errorf("%d does not fit the 32 bits of an Int", n)
		}
		_, err := io.WriteString(w, strconv.Itoa(n))
		return err
	})
}

// UnmarshalInt reads a whole number of 32 bits.
func UnmarshalInt(_ context.Context, v any) (int, error) {
	n, err := UnmarshalInt32(v)
	return int(n), err
}

// MarshalInt32 writes a number.
func MarshalInt32(n int32) graphql.Marshaler { return graphql.MarshalInt32(n) }

// UnmarshalInt32 reads a whole number of 32 bits.
func UnmarshalInt32(v any) (int32, error) {
	var n int64
	var err error
	switch v := v.(type) {
	case json.Number:
		n, err = strconv.ParseInt(v.String(), 10, 64)
	case int64:
		n = v
	case int:
		n = int64(v)
	case int32:
		n = int64(v)
	default:
		return 0, refuse("an Int is written as a number, not as %T", v)
	}
	if err != nil || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, refuse("%v is not an Int: write a whole number of 32 bits, for example 20", v)
	}
	return int32(n), nil
}

// MarshalUrl writes an address; the empty one is null.
func MarshalUrl(address string) graphql.Marshaler { return text(address) }

// UnmarshalUrl reads an absolute http or https address.
func UnmarshalUrl(v any) (string, error) {
	const example = "https://www.bsi.bund.de"
	text, ok := v.(string)
	if !ok {
		return "", wrong("Url", v, example)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return "", wrong("Url", v, example)
	}
	return text, nil
}

// MarshalArs writes a regional key; the empty one is null.
func MarshalArs(key string) graphql.Marshaler { return text(key) }

// UnmarshalArs reads an official regional key of 2, 3, 5, 9 or 12 digits.
func UnmarshalArs(v any) (string, error) {
	text, ok := v.(string)
	if !ok || !kritis.IsRegionalKey(text) {
		return "", wrong("Ars", v, "09 or 09162")
	}
	return text, nil
}
