package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a Value.
type Kind uint8

// The kinds of a Value. None is the kind of the zero Value, which stands for an absent property.
const (
	None Kind = iota
	StringKind
	IntKind
	BoolKind
	StringsKind
)

// String names the kind as error messages show it.
func (k Kind) String() string {
	return [...]string{"none", "string", "int", "bool", "strings"}[k]
}

// Value is a string, an int64, a bool or a list of strings: all that a property can hold. Instants are microseconds
// since 1970 UTC, days are strings such as "2026-04-17", figures are scaled integers; there are no floats. The zero
// Value is "absent". A Value is immutable.
type Value struct {
	kind Kind
	text string
	num  int64
	list []string
}

// String returns a Value that holds s.
func String(s string) Value { return Value{kind: StringKind, text: s} }

// Int returns a Value that holds n.
func Int(n int64) Value { return Value{kind: IntKind, num: n} }

// Bool returns a Value that holds b.
func Bool(b bool) Value {
	v := Value{kind: BoolKind}
	if b {
		v.num = 1
	}
	return v
}

// Strings returns a Value that holds a copy of list. An empty list is a value, not an absent one.
func Strings(list ...string) Value {
	return Value{kind: StringsKind, list: append([]string{}, list...)}
}

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// IsZero reports whether v is absent.
func (v Value) IsZero() bool { return v.kind == None }

// Text returns the string that v holds, or "" if it holds none.
func (v Value) Text() string { return v.text }

// Num returns the integer that v holds, or 0.
func (v Value) Num() int64 {
	if v.kind != IntKind {
		return 0
	}
	return v.num
}

// True reports whether v holds the boolean true.
func (v Value) True() bool { return v.kind == BoolKind && v.num == 1 }

// List returns a copy of the list that v holds, or nil.
func (v Value) List() []string { return slices.Clone(v.list) }

// Has reports whether the list that v holds contains s.
func (v Value) Has(s string) bool { return slices.Contains(v.list, s) }

// Equal reports whether v and w have one kind and one content.
func (v Value) Equal(w Value) bool { return v.kind == w.kind && v.Compare(w) == 0 }

// Compare orders values: by kind first, then strings by bytes, integers by size, false before true, lists element by
// element.
func (v Value) Compare(w Value) int {
	if c := cmp.Compare(v.kind, w.kind); c != 0 {
		return c
	}
	switch v.kind {
	case StringKind:
		return strings.Compare(v.text, w.text)
	case StringsKind:
		return slices.Compare(v.list, w.list)
	case None, IntKind, BoolKind:
		return cmp.Compare(v.num, w.num)
	}
	return 0
}

// Any returns v as a string, int64, bool, []string or nil: the form that database drivers take as a parameter.
func (v Value) Any() any {
	switch v.kind {
	case StringKind:
		return v.text
	case IntKind:
		return v.num
	case BoolKind:
		return v.num == 1
	case StringsKind:
		return v.List()
	case None:
	}
	return nil
}

// ValueOf is the inverse of Any. It also takes a []any of strings, the form in which databases return lists.
func ValueOf(x any) (Value, error) {
	switch x := x.(type) {
	case nil:
		return Value{}, nil
	case string:
		return String(x), nil
	case int64:
		return Int(x), nil
	case bool:
		return Bool(x), nil
	case []string:
		return Strings(x...), nil
	case []any:
		list := make([]string, len(x))
		for i, e := range x {
			s, ok := e.(string)
			if !ok {
				return Value{}, fmt.Errorf("list element %d is a %T, not a string", i, e)
			}
			list[i] = s
		}
		return Value{kind: StringsKind, list: list}, nil
	}
	return Value{}, fmt.Errorf("a property cannot hold a %T", x)
}

// GoString prints v as Go code would make it; it also serves as %v in test failures.
func (v Value) GoString() string {
	switch v.kind {
	case StringKind:
		return strconv.Quote(v.text)
	case IntKind:
		return strconv.FormatInt(v.num, 10)
	case BoolKind:
		return strconv.FormatBool(v.num == 1)
	case StringsKind:
		return fmt.Sprintf("%q", v.list)
	case None:
	}
	return "absent"
}

// MarshalJSON writes v as the JSON value of its kind, absent as null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case StringKind:
		return marshal(v.text)
	case IntKind:
		return strconv.AppendInt(nil, v.num, 10), nil
	case BoolKind:
		return strconv.AppendBool(nil, v.num == 1), nil
	case StringsKind:
		return marshal(v.list)
	case None:
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; fractions, objects and lists of other things are errors.
func (v *Value) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return fmt.Errorf("empty property value")
	}
	switch data[0] {
	case '"':
		*v = Value{kind: StringKind}
		return json.Unmarshal(data, &v.text)
	case '[':
		list := []string{}
		if err := json.Unmarshal(data, &list); err != nil {
			return fmt.Errorf("a list property holds strings only: %w", err)
		}
		*v = Value{kind: StringsKind, list: list}
		return nil
	case 't', 'f', 'n':
		var b *bool
		if err := json.Unmarshal(data, &b); err != nil {
			return err
		}
		*v = Value{}
		if b != nil {
			*v = Bool(*b)
		}
		return nil
	}
	n, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return fmt.Errorf("a property holds a string, a whole number, a boolean or a list of strings, not %.40s", data)
	}
	*v = Int(n)
	return nil
}

// marshal is json.Marshal without the escaping of <, > and &, so that canonical bytes stay readable.
func marshal(x any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
