package scalar

import (
	"encoding/json"
	"io"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalFloat writes a finite number.
func MarshalFloat(f float64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.FormatFloat(f, 'g', -1, 64)) })
}

// UnmarshalFloat reads a finite number; a text such as "NaN" is none.
func UnmarshalFloat(v any) (float64, error) {
	var f float64
	var err error
	switch v := v.(type) {
	case float64:
		f = v
	case int64:
		f = float64(v)
	case int:
		f = float64(v)
	case json.Number:
		f, err = v.Float64()
	default:
		return 0, refuse("a Float is written as a number, for example 11.58")
	}
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, refuse("a Float is a finite number, for example 11.58")
	}
	return f, nil
}
