package kritis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"kritisgraph/internal/store"
)

// The domain events that commits announce.
const (
	EventContactPointChanged   = "CONTACT_POINT_CHANGED"
	EventIntegrationKeyChanged = "INTEGRATION_KEY_CHANGED"
	EventCompetenceChanged     = "COMPETENCE_CHANGED"
	EventOperatorChanged       = "OPERATOR_CHANGED"
	EventFacilityChanged       = "FACILITY_CHANGED"
	EventAuthorityChanged      = "AUTHORITY_CHANGED"
	EventDependencyChanged     = "DEPENDENCY_CHANGED"
	EventAccessRequested       = "ACCESS_REQUESTED"
	EventAccessDecided         = "ACCESS_DECIDED"
	EventAccessRevoked         = "ACCESS_REVOKED"
	EventBreakGlass            = "BREAK_GLASS"
)

// UserErrorCode is the machine-readable kind of a UserError, one of the values of the API.
type UserErrorCode string

// The codes that mutations give.
const (
	UserBadInput            UserErrorCode = "BAD_INPUT"
	UserNotFound            UserErrorCode = "NOT_FOUND"
	UserForbidden           UserErrorCode = "FORBIDDEN"
	UserConflict            UserErrorCode = "CONFLICT"
	UserExists              UserErrorCode = "EXISTS"
	UserIdempotencyConflict UserErrorCode = "IDEMPOTENCY_CONFLICT"
	UserUnsupervised        UserErrorCode = "UNSUPERVISED"
)

// UserError says why a mutation changed nothing: something that people can mend. Path leads to the place in the input, from
// "input" on.
type UserError struct {
	Code    UserErrorCode
	Path    []string
	Message string
}

// userError makes a UserError about a place in the input.
func userError(code UserErrorCode, path []string, format string, args ...any) *UserError {
	return &UserError{Code: code, Path: path, Message: fmt.Sprintf(format, args...)}
}

// inputPath is the path to a place in the input of a mutation.
func inputPath(fields ...string) []string { return append([]string{"input"}, fields...) }

// missing is the answer for something that does not exist or is hidden: one for both.
func missing(what string, path ...string) *UserError {
	return userError(UserNotFound, inputPath(path...), "%s does not exist, or is not visible for you.", what)
}

// mutation is one call of a mutation. The input, which may hold the key of the client, is what a repetition has to be equal to.
type mutation struct {
	name   string // as in the API
	key    *string
	input  any
	reason *string
	dryRun bool // all but the commit, under no key
}

// draft is what a mutation wants to commit, or why it does not. A use case sets things, preconditions, events and the result;
// the rest is not its business.
type draft struct {
	store.Change
	errors  []*UserError
	nothing bool // all is as it is wanted: nothing is committed
}

// refuse returns a draft that commits nothing.
func refuse(errs ...*UserError) draft { return draft{errors: errs} }

// outcome is what became of a mutation. Its view reads after the commit; result are the ids that the draft named, none where
// the mutation was refused.
type outcome struct {
	*View
	result []store.ID
	token  *string
	errors []*UserError
	before store.Seq // of the commit that happened before under the same key; 0 where it happened now
}

const (
	maxAttempts  = 8
	maxClientKey = 128
	maxReason    = 1_000
)

// mutate makes a change happen at most once under the key of the client. build reads with the view that it gets and decides; when
// somebody else changes the same things meanwhile, it is asked again with a fresh one.
func (v *View) mutate(ctx context.Context, m mutation, build func(context.Context, *View) (draft, error)) (outcome, error) {
	if refused := v.refuses(m); refused != nil {
		return outcome{errors: []*UserError{refused}}, nil
	}
	once, problem, err := v.once(m)
	if err != nil || problem != nil {
		return outcome{errors: []*UserError{problem}}, err
	}
	if m.key != nil && !m.dryRun {
		if out, done, err := v.replayed(ctx, once); done || err != nil {
			return out, err
		}
	}
	view := v.again() // what another mutation of the same request changed counts
	for range maxAttempts {
		d, err := build(ctx, view)
		if err != nil || len(d.errors) > 0 || m.dryRun || d.nothing && m.key == nil { // a key is used up also by what changes nothing
			return outcome{View: view, errors: d.errors}, err
		}
		d.Meta = store.Meta{Action: m.name, Actor: v.principal.Subject, At: view.now.UnixMicro(), Request: RequestID(ctx)}
		if m.reason != nil {
			d.Meta.Reason = *m.reason
		}
		d.Once = once
		if err := v.RecordNow(ctx); err != nil {
			return outcome{}, err
		}
		out, done, err := v.commit(ctx, d.Change)
		if done || err != nil {
			return out, err
		}
		view = v.again()
	}
	return outcome{errors: []*UserError{userError(UserConflict, inputPath(), "Others changed the same things again and again: read them and try again.")}}, nil
}

// refuses says why a mutation is not even built, nil where it is.
func (v *View) refuses(m mutation) *UserError {
	switch {
	case v.principal.Integration():
		return userError(UserForbidden, inputPath(), "An integration key reads: it changes nothing.")
	case m.reason != nil && utf8.RuneCountInString(*m.reason) > maxReason:
		return userError(UserBadInput, inputPath("reason"), "A reason has at most %d characters.", maxReason)
	}
	return nil
}

// once is the key under which a mutation happens at most once: that of the client, else one that nobody has.
func (v *View) once(m mutation) (store.Once, *UserError, error) {
	text, err := json.Marshal(m.input)
	if err != nil {
		return store.Once{}, nil, fmt.Errorf("digest of the input of %s: %w", m.name, err)
	}
	sum := sha256.Sum256(append([]byte(m.name+"\x00"), text...))
	once := store.Once{Owner: v.principal.Subject, Digest: hex.EncodeToString(sum[:]), Key: "." + ulid.Make().String()}
	if m.key != nil {
		if n := utf8.RuneCountInString(*m.key); n == 0 || n > maxClientKey || !printable(*m.key) {
			return once, userError(UserBadInput, inputPath("clientMutationId"), "A clientMutationId has 1 to %d printable characters.", maxClientKey), nil
		}
		once.Key = "c." + *m.key
	}
	return once, nil, nil
}

// replayed asks the log whether a mutation happened before under its key.
func (v *View) replayed(ctx context.Context, once store.Once) (out outcome, done bool, err error) {
	page, err := v.app.store.Log(ctx, Maintenance(), store.LogQuery{Once: &store.OnceKey{Owner: once.Owner, Key: once.Key}, Limit: 1})
	if err != nil || len(page.Records) == 0 {
		return outcome{}, false, err
	}
	change := &page.Records[0].Change
	if change.Once.Digest != once.Digest {
		return outcome{errors: []*UserError{userError(UserIdempotencyConflict, inputPath("clientMutationId"),
			"This clientMutationId was used for another input: take a new one for each change.")}}, true, nil
	}
	mark, err := v.app.store.Head(ctx, store.Mark{})
	if err != nil {
		return outcome{}, false, err
	}
	out, err = v.committed(mark, change.Result)
	out.before = page.Records[0].Seq
	return out, true, err
}

// askTime bounds how long the outcome of a commit that was cut off is asked for.
const askTime = 5 * time.Second

// commit commits a change. It is not done where somebody else was faster.
func (v *View) commit(ctx context.Context, change store.Change) (out outcome, done bool, err error) {
	mark, err := v.app.store.Commit(ctx, change)
	switch {
	case err == nil:
		out, err = v.committed(mark, change.Result)
		return out, true, err
	case errors.Is(err, store.ErrReplayed):
		return v.replayed(ctx, change.Once)
	case errors.Is(err, store.ErrUnknownOutcome):
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTime)
		defer cancel()
		out, done, asked := v.replayed(asking, change.Once)
		if asked != nil {
			return out, false, errors.Join(err, asked)
		}
		return out, done, nil
	case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrExists), errors.Is(err, store.ErrNotFound):
		return outcome{}, false, nil
	}
	return outcome{}, false, err
}

// committed is the outcome of a change that happened.
func (v *View) committed(mark store.Mark, result []store.ID) (outcome, error) {
	token, err := v.app.store.Token(mark)
	if err != nil {
		return outcome{}, err
	}
	return outcome{View: v.again(), result: result, token: &token}, nil
}

// resultOf returns the first thing of the result as the caller sees it after the commit, nil where nothing was committed or it
// is hidden from the caller by what was committed.
func resultOf[T Node](ctx context.Context, out outcome) (T, error) {
	var none T
	if len(out.result) == 0 {
		return none, nil
	}
	n, err := out.reader.Node(ctx, out.result[0])
	if errors.Is(err, store.ErrNotFound) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	x, err := out.object(ctx, n)
	if err != nil {
		return none, err
	}
	t, _ := x.(T)
	return t, nil
}

// outdated compares the version that a client expects with that of the thing; nil where it fits or the client does not say.
func outdated(n store.Node, expected *int32) *UserError {
	if expected == nil || int64(*expected) == n.Version {
		return nil
	}
	return userError(UserConflict, inputPath("expectedVersion"), "Somebody else changed it: it has version %d, not %d. Read it, then decide.", n.Version, *expected)
}

// printable reports whether a text has no control characters, also of the direction of writing: they make a name look like another one.
func printable(text string) bool {
	for _, r := range text {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}

type requestIDKey struct{}

// WithRequestID returns a context that carries the id of a request, under which the logs have it.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request, empty where there is none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
