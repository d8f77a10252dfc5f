package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
)

// The error codes of the server that this package tells apart.
const (
	codeConstraint      = "Neo.ClientError.Schema.ConstraintValidationFailed"
	codeNoDatabase      = "Neo.ClientError.Database.DatabaseNotFound"
	codeBookmarkTimeout = "Neo.TransientError.Transaction.BookmarkTimeout"
	codeSameRule        = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
)

func isSecurity(err *neo4j.Neo4jError) bool {
	return strings.HasPrefix(err.Code, "Neo.ClientError.Security.")
}

func hasCode(err error, code string) bool {
	var server *neo4j.Neo4jError
	return errors.As(err, &server) && server.Code == code
}

// errMalformed is an answer of the database that this package did not write.
var errMalformed = errors.New("unexpected content of the database")

func malformed(what string, got any) error {
	return fmt.Errorf("%w: %s is a %T", errMalformed, what, got)
}

// meant are the errors that are as their callers are to see them.
var meant = []error{
	store.ErrNotFound, store.ErrConflict, store.ErrExists, store.ErrReplayed, store.ErrInvalid, store.ErrLoading,
	store.ErrNoStore, store.ErrSchema, store.ErrUnknownOutcome, errMalformed,
}

// failed brings an error of the Neo4j driver under the sentinels of store. What is no answer of the server is a
// connection that could not be had or was lost.
func failed(ctx context.Context, err error) error {
	if err == nil || slices.ContainsFunc(meant, func(one error) bool { return errors.Is(err, one) }) {
		return err
	}
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("waiting for neo4j: %w", cause)
	}
	var server *neo4j.Neo4jError
	switch {
	case !errors.As(err, &server):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	case server.Code == codeConstraint:
		return fmt.Errorf("%w: %w", store.ErrExists, err)
	case strings.Contains(server.Msg, "too large to index"):
		return fmt.Errorf("%w: %w", store.ErrInvalid, err)
	case isSecurity(server), server.Code == codeNoDatabase,
		strings.HasPrefix(server.Code, "Neo.TransientError."),
		strings.HasPrefix(server.Code, "Neo.ClientError.Cluster."),
		strings.HasPrefix(server.Code, "Neo.DatabaseError.Database."):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("neo4j: %w", err)
}

// retryable reports whether the work that failed had no effect and may succeed when done again.
func retryable(err error) bool {
	if errors.Is(err, store.ErrUnknownOutcome) {
		return false
	}
	var server *neo4j.Neo4jError
	if errors.As(err, &server) {
		return server.Code != codeBookmarkTimeout && neo4j.IsRetryable(server)
	}
	var lost *neo4j.ConnectivityError
	return errors.As(err, &lost)
}

// attempts is how often work is done that fails for a passing reason: a deadlock, a connection that had gone stale.
const attempts = 4

// repeatedly does the work until it succeeds, fails for good, or was done often enough. The work must leave nothing
// behind where it returns a retryable error.
func repeatedly(ctx context.Context, work func() error) error {
	pause := 20 * time.Millisecond
	for n := 1; ; n++ {
		err := work()
		if err == nil || n == attempts || !retryable(err) {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
			pause *= 3
		}
	}
}
