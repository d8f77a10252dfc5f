package neo4jstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"kritisgraph/internal/store"
)

// Options say where the database is. URI is required; the password is never part of an error.
type Options struct {
	URI      string // bolt:// or neo4j://, also with +s or +ssc
	User     string // default "neo4j"; without a password the server is expected to have authentication off
	Password string
	Database string // default "neo4j"
	// Connections bounds the pool for each server; default 64.
	Connections int
	// Timeout bounds making a connection and waiting for a free one; default 10 s.
	Timeout time.Duration
}

// Driver is a store in one Neo4j database, which it does not share. It is safe for concurrent use.
type Driver struct {
	neo       neo4j.DriverWithContext
	database  string
	timeout   time.Duration
	bookmarks neo4j.BookmarkManager
	words     atomic.Pointer[vocabulary] // as of the last look at the counter node
	writing   chan struct{}              // holds one token: writers of this process queue here, not at the server
}

var _ store.Driver = (*Driver)(nil)

// Open connects and checks address, credentials and database; it changes nothing. Its errors wrap store.ErrUnavailable
// and name the setting to change.
func Open(ctx context.Context, o Options) (*Driver, error) {
	address, err := url.Parse(o.URI)
	if err != nil || address.Host == "" {
		return nil, fmt.Errorf("%w: --store is no address of a Neo4j server such as neo4j://localhost:7687", store.ErrUnavailable)
	}
	if address.User != nil {
		return nil, fmt.Errorf("%w: --store must not carry credentials: use --neo4j-user and --neo4j-password-file", store.ErrUnavailable)
	}
	o.Timeout = cmp.Or(o.Timeout, 10*time.Second)
	auth := neo4j.NoAuth()
	if o.Password != "" {
		auth = neo4j.BasicAuth(cmp.Or(o.User, "neo4j"), o.Password, "")
	}
	neo, err := neo4j.NewDriverWithContext(o.URI, auth, func(c *config.Config) {
		c.MaxConnectionPoolSize = cmp.Or(o.Connections, 64)
		c.ConnectionAcquisitionTimeout = o.Timeout
		c.SocketConnectTimeout = o.Timeout
		c.MaxTransactionRetryTime = o.Timeout
		c.ConnectionLivenessCheckTimeout = time.Minute
		c.TelemetryDisabled = true
		c.UserAgent = "kritisgraph"
		c.NotificationsMinSeverity = notifications.DisabledLevel
	})
	if err != nil {
		return nil, fmt.Errorf("%w: --store %s is no address of a Neo4j server: %w", store.ErrUnavailable, o.URI, err)
	}
	d := &Driver{
		neo:       neo,
		database:  cmp.Or(o.Database, "neo4j"),
		timeout:   o.Timeout,
		bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{}),
		writing:   make(chan struct{}, 1),
	}
	if err := d.verify(ctx, o); err != nil {
		return nil, errors.Join(err, neo.Close(ctx))
	}
	return d, nil
}

// verify asks the database for one value and explains what keeps it from answering.
func (d *Driver) verify(ctx context.Context, o Options) error {
	bounded, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	_, err := d.ask(bounded, stmtPing, nil)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if !errors.Is(err, store.ErrUnavailable) {
		err = fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	var server *neo4j.Neo4jError
	errors.As(err, &server)
	switch {
	case server == nil:
		return fmt.Errorf("no Neo4j server answers at --store %s: %w", o.URI, err)
	case isSecurity(server):
		return fmt.Errorf("%s refuses the credentials of user %q: check --neo4j-user and --neo4j-password-file: %w",
			o.URI, cmp.Or(o.User, "neo4j"), err)
	case server.Code == codeNoDatabase:
		return fmt.Errorf("%s has no database %q: check --neo4j-database: %w", o.URI, d.database, err)
	}
	return fmt.Errorf("the Neo4j server at --store %s cannot be used: %w", o.URI, err)
}

// Close ends all connections.
func (d *Driver) Close(ctx context.Context) error {
	if err := d.neo.Close(ctx); err != nil {
		return fmt.Errorf("closing the connections to Neo4j: %w", err)
	}
	return nil
}
