package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"kritisgraph/graph/guard"
)

// refusal is a request that is no GraphQL request: the status of HTTP and the error that says why.
type refusal struct {
	status int
	allow  string // methods, for 405
	err    *gqlerror.Error
}

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status: status, err: &gqlerror.Error{
		Message:    fmt.Sprintf(format, args...),
		Extensions: map[string]any{"code": "BAD_REQUEST"},
	}}
}

// read gives the parameters of a request, or why it has none.
func read(r *http.Request, maxBytes int) (*asked, *refusal) {
	switch r.Method {
	case http.MethodPost:
		return readPost(r, maxBytes)
	case http.MethodGet:
		return readGet(r, maxBytes)
	}
	no := refuse(http.StatusMethodNotAllowed, "Use POST, or GET for queries.")
	no.allow = "GET, POST"
	return nil, no
}

func tooLarge(found, allowed int) *refusal {
	return &refusal{status: http.StatusRequestEntityTooLarge, err: guard.Exceeded("body", "bytes", found, allowed)}
}

func readPost(r *http.Request, maxBytes int) (*asked, *refusal) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != legacyJSON {
		return nil, refuse(http.StatusUnsupportedMediaType, "Post JSON with the Content-Type application/json.")
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, refuse(http.StatusUnsupportedMediaType, "Post JSON in UTF-8.")
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, refuse(http.StatusUnsupportedMediaType, "Post JSON without Content-Encoding.")
	}
	if r.ContentLength > int64(maxBytes) {
		return nil, tooLarge(int(r.ContentLength), maxBytes)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(maxBytes)+1))
	switch {
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "The body could not be read to its end.")
	case len(body) > maxBytes:
		return nil, tooLarge(len(body), maxBytes)
	case !utf8.Valid(body):
		return nil, refuse(http.StatusBadRequest, "The body is not UTF-8.")
	}
	return decode(body)
}

// decode reads the JSON of a request. What it does not know is ignored, as the specification asks.
func decode(body []byte) (*asked, *refusal) {
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return nil, refuse(http.StatusBadRequest, "Batches are not served: post one JSON object per request.")
	}
	var members map[string]json.RawMessage
	if err := strict(body, &members); err != nil || members == nil {
		return nil, refuse(http.StatusBadRequest, "The body is no JSON object: %s.", reason(err))
	}
	var query, operation, document *string
	params := &asked{}
	for name, target := range map[string]any{
		"query": &query, "operationName": &operation, "documentId": &document, "variables": &params.Variables, "extensions": &params.Extensions,
	} {
		if raw, given := members[name]; given {
			if err := strict(raw, target); err != nil {
				return nil, refuse(http.StatusBadRequest, "%s", wants[name])
			}
		}
	}
	params.Query, params.OperationName = textOf(query), textOf(operation)
	return params, params.name(textOf(document))
}

// textOf is the text of a member that may be absent or null.
func textOf(member *string) string {
	if member == nil {
		return ""
	}
	return *member
}

// wants says what each parameter is.
var wants = map[string]string{
	"query":         "query is missing: give a GraphQL document as text.",
	"documentId":    "documentId is sha256: and the SHA-256 of a document in 64 lower-case hexadecimal digits.",
	"operationName": "operationName is the name of an operation, as text.",
	"variables":     "variables are a JSON object.",
	"extensions":    "extensions are a JSON object.",
}

// strict decodes exactly one JSON value; numbers keep their digits.
func strict(text []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(target); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows its end")
	}
	return nil
}

// reason says what is wrong with JSON without a word of it.
func reason(err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("broken at byte %d", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return "it is another value"
}

func readGet(r *http.Request, maxBytes int) (*asked, *refusal) {
	if len(r.URL.RawQuery) > maxBytes {
		return nil, tooLarge(len(r.URL.RawQuery), maxBytes)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "The query string is broken.")
	}
	params := &asked{RawParams: graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}}
	for name, target := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := values.Get(name); text != "" {
			if err := strict([]byte(text), target); err != nil {
				return nil, refuse(http.StatusBadRequest, "%s", wants[name])
			}
		}
	}
	if !utf8.ValidString(params.Query) {
		return nil, refuse(http.StatusBadRequest, "The query is not UTF-8.")
	}
	return params, params.name(values.Get("documentId"))
}
