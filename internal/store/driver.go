package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Driver is a database behind the waist. Its methods are safe for concurrent use and get checked, canonical values from
// Store. Every read takes a Scope, and what the scope does not show is, in every part of the answer (relation filters,
// totals, groups included), as if it did not exist. Reads show committed data only; two calls are no snapshot.
//
// Errors wrap the sentinels of this package; ErrUnavailable for a database that cannot be reached.
type Driver interface {
	// Identity tells who the store is. A database that was never migrated is ErrNoStore.
	Identity(context.Context) (Identity, error)
	// Migrate creates or extends constraints and indexes for the schema and, the first time, the identity. A schema older
	// than that of the store is ErrSchema. It is idempotent.
	Migrate(context.Context, Schema) error
	// Head returns the newest mark seen here. It waits up to five seconds for atLeast, then fails with ErrUnavailable.
	Head(ctx context.Context, atLeast Mark) (Mark, error)
	// Nodes returns those of ids that show, once each, in the order asked.
	Nodes(context.Context, Scope, []ID) ([]Node, error)
	// List returns a page of nodes.
	List(context.Context, Scope, Query) (Page, error)
	// Count counts nodes in groups; without keys it returns one group.
	Count(ctx context.Context, scope Scope, q Query, by ...Key) ([]Group, error)
	// Neighbors returns, for each hop and each of its parents in the order given, a page of neighbors. A parent that does
	// not show has none.
	Neighbors(context.Context, Scope, []Hop) ([][]Page, error)
	// Traverse walks breadth-first; see Walk and Subgraph.
	Traverse(context.Context, Scope, Walk) (Subgraph, error)
	// Commit applies a change atomically and durably: a mark that was returned survives power loss. Under its write lock it
	// checks Once (a key that was used is ErrReplayed), then If (ErrConflict, ErrExists for a wanted absence, ErrNotFound for
	// a wanted presence), then uniqueness (ErrExists) and ends of edges (ErrInvalid), takes the next sequence, applies,
	// settles visibility and seals the record. On an error nothing is changed; only an ErrUnavailable that also is
	// ErrUnknownOutcome leaves open whether the commit happened: ask the log for its Once.
	Commit(context.Context, Change) (Mark, error)
	// Load fills an empty store from sealed records that begin with sequence 1; a store that is not empty is ErrExists. It is
	// all or nothing: until it ends every read is ErrLoading, and what an interrupted Load left is wiped by the next writer.
	Load(context.Context, iter.Seq2[Record, error]) error
	// Log returns commit records in order; see LogQuery and LogPage.
	Log(context.Context, Scope, LogQuery) (LogPage, error)
	// Close releases what the driver holds. Calls under way may fail.
	Close(context.Context) error
}

// Identity is made by the first Migrate and stays in the database; it is never exported. Key signs cursors and tokens.
type Identity struct {
	Store   string // a random name of this store
	Key     []byte // 32 random bytes
	Schema  int    // version of the schema that the store was migrated to
	Loading bool   // a Load has begun and not ended
}

// Mark is a moment of one store: a sequence and, on Neo4j, the bookmark that reaches it.
type Mark struct {
	Seq      Seq    `json:"seq"`
	Bookmark string `json:"bookmark,omitempty"`
}

// The sentinels that errors of this package and of drivers wrap.
var (
	ErrNotFound       = errors.New("not found")
	ErrConflict       = errors.New("changed by someone else")
	ErrExists         = errors.New("exists already")
	ErrReplayed       = errors.New("done before under this key")
	ErrInvalid        = errors.New("invalid")
	ErrLoading        = errors.New("the store is being loaded, or a load was interrupted")
	ErrUnavailable    = errors.New("the store cannot be reached")
	ErrUnknownOutcome = errors.New("the outcome of the commit is not known")
	ErrNoStore        = errors.New("there is no store")
	ErrInUse          = errors.New("the store is in use by another process")
	ErrSchema         = errors.New("the store has another schema version")
)

// ConflictError says which precondition of a change did not hold. It is ErrExists if absence was wanted, ErrNotFound if
// the thing is absent, else ErrConflict.
type ConflictError struct {
	ID         ID
	Want, Have int64
}

// Error names the thing and both versions.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s has version %d, expected was %d", e.ID, e.Have, e.Want)
}

// Unwrap returns the sentinel that fits.
func (e *ConflictError) Unwrap() error {
	switch {
	case e.Want == 0:
		return ErrExists
	case e.Have == 0:
		return ErrNotFound
	}
	return ErrConflict
}
