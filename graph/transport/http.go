package transport

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// HTTP answers POST and GET. Its zero value reads nothing; MaxBytes bounds body and query string. Stored gives the document for a
// request that names one by its SHA-256, in lower-case hexadecimal, instead of sending it; nil: none is stored.
type HTTP struct {
	MaxBytes int
	Stored   func(ctx context.Context, hash string) (string, error)
}

var _ graphql.Transport = HTTP{}

// Supports takes every request that does not ask for another protocol.
func (h HTTP) Supports(r *http.Request) bool { return r.Header.Get("Upgrade") == "" }

// Do answers one request. Statuses: 200 for an executed operation, 503 for one whose response is not given; 4xx for what could not be executed, except that a client
// which accepts only legacy JSON gets 200 with errors; 413 for what is too large.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	mediaType, ok := negotiate(r.Header)
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.Header().Add("Vary", "Accept, Accept-Language")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if !ok {
		h.refuse(w, refuse(http.StatusNotAcceptable, "Accept %s or %s.", graphQLJSON, legacyJSON))
		return
	}
	start := graphql.Now()
	asked, no := read(r, h.MaxBytes)
	if no != nil {
		h.refuse(w, no)
		return
	}
	ctx, params := r.Context(), &asked.RawParams
	if params.Query == "" {
		if h.Stored == nil {
			h.refuse(w, refuse(http.StatusBadRequest, "%s", wants["query"]))
			return
		}
		var err error
		if params.Query, err = h.Stored(ctx, asked.document); err != nil {
			write(w, notExecuted(mediaType), exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}))
			return
		}
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}

	op, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		if op != nil {
			ctx = graphql.WithOperationContext(ctx, op)
		}
		write(w, notExecuted(mediaType), exec.DispatchError(ctx, errs))
		return
	}
	if r.Method == http.MethodGet && op.Operation.Operation != ast.Query {
		no := refuse(http.StatusMethodNotAllowed, "GET serves queries only; post this operation.")
		no.allow = http.MethodPost
		h.refuse(w, no)
		return
	}
	if op.Operation.Operation == ast.Subscription {
		h.refuse(w, refuse(http.StatusBadRequest, "A subscription needs a protocol that streams."))
		return
	}
	responses, ctx := exec.DispatchOperation(ctx, op)
	response := responses(ctx)
	if response == nil { // the context ended first
		response = exec.DispatchError(graphql.WithOperationContext(r.Context(), op), gqlerror.List{gqlerror.Wrap(ctx.Err())})
	}
	status := http.StatusOK
	if response.Data == nil && mediaType == graphQLJSON { // it is withheld
		status = http.StatusServiceUnavailable
	}
	write(w, status, response)
}

// notExecuted is the status of a well-formed request whose operation was not executed.
func notExecuted(mediaType string) int {
	if mediaType == graphQLJSON {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func (h HTTP) refuse(w http.ResponseWriter, no *refusal) {
	if no.allow != "" {
		w.Header().Set("Allow", no.allow)
	}
	if no.status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close") // the rest of the body is not read
	}
	write(w, no.status, &graphql.Response{Errors: gqlerror.List{no.err}})
}

// write sends a response; one that was not executed has no data.
func write(w http.ResponseWriter, status int, response *graphql.Response) {
	var body any = response
	if response.Data == nil && len(response.Errors) > 0 {
		body = struct {
			Errors     gqlerror.List  `json:"errors"`
			Extensions map[string]any `json:"extensions,omitempty"`
		}{response.Errors, response.Extensions}
	}
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"errors":[{"message":"The response could not be written.","extensions":{"code":"INTERNAL"}}]}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that left does not read it
}
