package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"kritisgraph/internal/store"
)

// Format names the form of the file.
const Format = "kritisgraph-export/1"

// MaxLine is the greatest length of a line in bytes.
const MaxLine = 1 << 20

// line is one line: exactly one of its fields is set.
type line struct {
	Commit *commitLine `json:"commit,omitempty"`
	Delete *deleteLine `json:"delete,omitempty"`
	End    *endLine    `json:"end,omitempty"`
	Header *headerLine `json:"header,omitempty"`
	Link   *store.Edge `json:"link,omitempty"`
	Put    *store.Node `json:"put,omitempty"`
}

// headerLine begins a file. Seq is the last sequence; 0 in a file written by hand.
type headerLine struct {
	Format string    `json:"format"`
	Schema int       `json:"schema"`
	Seq    store.Seq `json:"seq,omitempty"`
}

// commitLine is a commit without its things. If holds the conditions on things that it does not touch; those on the things
// that it touches follow from their versions.
type commitLine struct {
	Events []store.Event `json:"events,omitempty"`
	Hash   store.Hash    `json:"hash"`
	If     []store.Cond  `json:"if,omitempty"`
	Meta   store.Meta    `json:"meta"`
	Once   store.Once    `json:"once,omitzero"`
	Prev   store.Hash    `json:"prev"`
	Result []store.ID    `json:"result,omitempty"`
	Seq    store.Seq     `json:"seq"`
	Things int           `json:"things"`
}

// deleteLine is a thing that a commit deletes; Version is the one after it.
type deleteLine struct {
	ID      store.ID `json:"id"`
	Version int64    `json:"version"`
}

// endLine ends a file.
type endLine struct {
	Commits int64      `json:"commits"`
	Hash    store.Hash `json:"hash"`
	SHA256  store.Hash `json:"sha256"`
}

// encode returns the canonical bytes of a line, with its line feed.
func encode(l line) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		return nil, err
	}
	if buf.Len() > MaxLine {
		return nil, fmt.Errorf("a line of %d bytes is longer than %d", buf.Len(), MaxLine)
	}
	return buf.Bytes(), nil
}

// decode reads a line strictly: unknown keys, more than one value and more or less than one field are errors.
func decode(text []byte) (line, error) {
	var l line
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	switch err := dec.Decode(&l); {
	case errors.Is(err, io.EOF):
		return line{}, errors.New("it is empty")
	case err != nil:
		return line{}, fmt.Errorf("it is not read: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return line{}, errors.New("something follows the value")
	}
	set := 0
	for _, given := range []bool{l.Commit != nil, l.Delete != nil, l.End != nil, l.Header != nil, l.Link != nil, l.Put != nil} {
		if given {
			set++
		}
	}
	if set != 1 {
		return line{}, errors.New("a line has exactly one of header, commit, put, link, delete and end")
	}
	return l, nil
}

// canonical refuses a line that is not written as an export writes it.
func canonical(l line, text []byte) error {
	want, err := encode(l)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(want, text):
		return errors.New("it is not written as an export writes it: keys sorted, each once, no spaces")
	}
	return nil
}

// unambiguous refuses what a person may have meant otherwise: text that is no UTF-8, and a key that stands twice.
func unambiguous(text []byte) error {
	if !utf8.Valid(text) {
		return errors.New("it is no UTF-8")
	}
	return distinctKeys(json.NewDecoder(bytes.NewReader(text)))
}

func distinctKeys(dec *json.Decoder) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		if open == '{' {
			token, err := dec.Token()
			if err != nil {
				return err
			}
			key, _ := token.(string)
			if seen[key] {
				return fmt.Errorf("the key %q stands twice", key)
			}
			seen[key] = true
		}
		if err := distinctKeys(dec); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}
