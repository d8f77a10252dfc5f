package sqlitestore

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"kritisgraph/internal/store"
)

// The element types of JSONB that are used here (https://sqlite.org/jsonb.html). Text is always stored raw: its bytes need
// no unescaping, and SQLite escapes them when it renders JSON.
const (
	jsonTrue   = 1
	jsonFalse  = 2
	jsonInt    = 3
	jsonRaw    = 10
	jsonArray  = 11
	jsonObject = 12
)

// appendElement appends an element of JSONB with the shortest header.
func appendElement(b []byte, kind byte, payload []byte) []byte {
	return append(appendHeader(b, kind, len(payload)), payload...)
}

func appendText(b []byte, text string) []byte {
	return append(appendHeader(b, jsonRaw, len(text)), text...)
}

func appendHeader(b []byte, kind byte, size int) []byte {
	switch {
	case size <= 11:
		return append(b, byte(size)<<4|kind)
	case size <= 0xff:
		return append(b, 0xc0|kind, byte(size))
	case size <= 0xffff:
		return binary.BigEndian.AppendUint16(append(b, 0xd0|kind), uint16(size))
	}
	return binary.BigEndian.AppendUint32(append(b, 0xe0|kind), uint32(size))
}

func appendTexts[S ~string](b []byte, texts []S) []byte {
	size := 0
	for _, t := range texts {
		size += len(t) + 5
	}
	payload := make([]byte, 0, size)
	for _, t := range texts {
		payload = appendText(payload, string(t))
	}
	return appendElement(b, jsonArray, payload)
}

func appendValue(b []byte, v store.Value) []byte {
	switch v.Kind() {
	case store.StringKind:
		return appendText(b, v.Text())
	case store.IntKind:
		var digits [20]byte
		return appendElement(b, jsonInt, strconv.AppendInt(digits[:0], v.Num(), 10))
	case store.BoolKind:
		if v.True() {
			return append(b, jsonTrue)
		}
		return append(b, jsonFalse)
	case store.StringsKind:
		return appendTexts(b, v.List())
	case store.None:
	}
	return append(b, 0)
}

// encodeTexts returns a list of texts as JSONB, the form in which lists become parameters.
func encodeTexts[S ~string](texts []S) []byte { return appendTexts(nil, texts) }

// encodeInts returns a list of integers as JSONB.
func encodeInts(list []int64) []byte {
	payload := make([]byte, 0, 8*len(list))
	var digits [20]byte
	for _, n := range list {
		payload = appendElement(payload, jsonInt, strconv.AppendInt(digits[:0], n, 10))
	}
	return appendElement(nil, jsonArray, payload)
}

// encodeValues returns a list of values as JSONB.
func encodeValues(values []store.Value) []byte {
	var payload []byte
	for _, v := range values {
		payload = appendValue(payload, v)
	}
	return appendElement(nil, jsonArray, payload)
}

// encodeProps returns properties as a JSONB object with sorted keys.
func encodeProps(props map[string]store.Value) []byte {
	payload := make([]byte, 0, 256)
	for _, name := range slices.Sorted(maps.Keys(props)) {
		payload = appendValue(appendText(payload, name), props[name])
	}
	return appendElement(make([]byte, 0, len(payload)+5), jsonObject, payload)
}

// encodeStrings returns a map of texts as a JSONB object with sorted keys, nil for an empty one.
func encodeStrings(texts map[string]string) []byte {
	if len(texts) == 0 {
		return nil
	}
	var payload []byte
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		payload = appendText(appendText(payload, name), texts[name])
	}
	return appendElement(nil, jsonObject, payload)
}

// element splits the first element off b.
func element(b []byte) (kind byte, payload, rest []byte, err error) {
	if len(b) == 0 {
		return 0, nil, nil, errJSONB
	}
	kind, size, head := b[0]&0xf, int(b[0]>>4), 1
	switch {
	case size <= 11:
	case size == 12 && len(b) >= 2:
		size, head = int(b[1]), 2
	case size == 13 && len(b) >= 3:
		size, head = int(binary.BigEndian.Uint16(b[1:])), 3
	case size == 14 && len(b) >= 5:
		size, head = int(binary.BigEndian.Uint32(b[1:])), 5
	default:
		return 0, nil, nil, errJSONB
	}
	if len(b)-head < size {
		return 0, nil, nil, errJSONB
	}
	return kind, b[head : head+size], b[head+size:], nil
}

var errJSONB = fmt.Errorf("a property in the store file is damaged")

func decodeValue(kind byte, payload []byte) (store.Value, error) {
	switch kind {
	case jsonTrue:
		return store.Bool(true), nil
	case jsonFalse:
		return store.Bool(false), nil
	case jsonInt:
		n, err := strconv.ParseInt(string(payload), 10, 64)
		if err != nil {
			return store.Value{}, errJSONB
		}
		return store.Int(n), nil
	case jsonRaw:
		return store.String(string(payload)), nil
	case jsonArray:
		list, err := decodeTexts(payload)
		return store.Strings(list...), err
	}
	return store.Value{}, errJSONB
}

// decodeTexts reads the elements of an array of texts.
func decodeTexts(payload []byte) ([]string, error) {
	var list []string
	for len(payload) > 0 {
		kind, text, rest, err := element(payload)
		if err != nil || kind != jsonRaw {
			return nil, errJSONB
		}
		list = append(list, string(text))
		payload = rest
	}
	return list, nil
}

// decodeProps reads what encodeProps wrote; of the names given only, where names is not nil.
func decodeProps(b []byte, names []string) (map[string]store.Value, error) {
	kind, payload, _, err := element(b)
	if err != nil || kind != jsonObject {
		return nil, errJSONB
	}
	props := make(map[string]store.Value, 8)
	for len(payload) > 0 {
		_, name, rest, err := element(payload)
		if err != nil {
			return nil, err
		}
		kind, value, rest, err := element(rest)
		if err != nil {
			return nil, err
		}
		payload = rest
		key, wanted := wantedName(name, names)
		if !wanted {
			continue
		}
		if props[key], err = decodeValue(kind, value); err != nil {
			return nil, err
		}
	}
	return props, nil
}

// wantedName is a name as a text, one text for all rows where the names are given, and whether it is among them; nil are all.
func wantedName(name []byte, names []string) (string, bool) {
	if names == nil {
		return string(name), true
	}
	for _, n := range names {
		if n == string(name) {
			return n, true
		}
	}
	return "", false
}
