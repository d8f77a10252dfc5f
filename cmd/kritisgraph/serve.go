package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"slices"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"kritisgraph"
	"kritisgraph/graph"
	"kritisgraph/internal/audit"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/server"
	"kritisgraph/internal/store"
)

func serveCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "serve", Usage: "start the server",
		Description: "Migrates the store, loads reference and demo data into an empty one, and answers until SIGTERM or an interrupt. " +
			"Prints one line when it is ready, then a query to paste; logs go to standard error.",
	}, "kritisgraph serve --listen 127.0.0.1:0 --data ./data --demo small", serveSettings(), serve)
}

func serveSettings() []string {
	return slices.Concat(storeSettings, []string{"listen", "demo", "demo-seed", "cors-origin", "profile", "auth", "auth-issuer",
		"auth-audience", "auth-jwks", "auth-algorithms", "allow-unauthenticated", "rate-anonymous", "rate-caller", "audit-key",
		"log-level", "log-format", "metrics-listen", "otlp-endpoint"})
}

// closeTime bounds what is done after the last request: closing the store, sending the last traces.
const closeTime = 10 * time.Second

func serve(ctx context.Context, c *call) (err error) {
	s := c.settings
	if err := s.checkServing(); err != nil {
		return err
	}
	log := newLog(c.ErrWriter, s.logLevel, s.logFormat)
	identify, err := s.identify(ctx, log)
	if err != nil {
		return err
	}
	anonymous, caller, err := s.rates()
	if err != nil {
		return err
	}
	driver, err := s.driver(ctx, false) // before the address: a store in use is the better message
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bounded(ctx, driver.Close)) }()
	key, err := s.openAuditKey()
	if err != nil {
		return err
	}
	log.Info("audit", "key", key.Public().ID())
	traced, flush, err := newTracing(ctx, s.otlpEndpoint)
	if err != nil {
		return err
	}
	defer func() {
		if lost := bounded(ctx, flush); lost != nil {
			log.Warn("traces were lost", "error", lost)
		}
	}()
	metrics := server.NewMetrics()
	srv, err := server.New(server.Options{
		API:       graph.NewHandler(graph.NewSchema(), graph.Options{Log: log}),
		Schema:    kritisgraph.Schema,
		Principal: kritis.Development("development"),
		Identify:  identify,
		Anonymous: anonymous,
		Caller:    caller,
		Origins:   s.corsOrigins,
		LocalOnly: s.auth == authOff && !s.allowUnauthenticated,
		Log:       log,
		Metrics:   metrics,
		Around:    traced,
	})
	if err != nil {
		return err
	}
	err = runAll(ctx, c, log, driver, key, srv, metrics)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // asked to end before it was ready
	}
	if err == nil {
		log.Info("stopped")
	}
	return err
}

// runAll serves until the context ends or a part fails. The server answers its probes while the store is being filled.
func runAll(ctx context.Context, c *call, log *slog.Logger, driver store.Driver, key audit.Key, srv *server.Server, metrics *server.Metrics) error {
	s := c.settings
	listener, err := listen(ctx, "listen", s.listen)
	if err != nil {
		return err
	}
	var counted net.Listener
	if s.metricsListen != "" {
		if counted, err = listen(ctx, "metrics-listen", s.metricsListen); err != nil {
			return errors.Join(err, listener.Close())
		}
		log.Info("metrics", "url", address(counted.Addr().String())+"/metrics")
	}
	g, ctx := errgroup.WithContext(ctx)
	recording, ended := context.WithCancel(context.WithoutCancel(ctx))
	g.Go(func() error {
		defer ended() // what the last request was given is recorded too
		return srv.Run(ctx, listener)
	})
	if counted != nil {
		g.Go(func() error { return server.Serve(ctx, counted, metrics.Handler(), log) })
	}
	g.Go(func() error {
		opened, err := store.Create(ctx, driver, kritis.Schema(), store.Options{
			Observe: func(call store.Call) { metrics.ObserveCall(call.Op, call.Duration, call.Err) },
		})
		if err != nil {
			return err
		}
		if err := fill(ctx, opened, s, time.Now(), log); err != nil {
			return err
		}
		if err := s.checkStore(ctx, opened); err != nil {
			return err
		}
		app := s.app(opened)
		auditor := newAuditor(opened, log)
		app.RecordReads(auditor)
		if err := app.Ready(ctx); err != nil {
			return fmt.Errorf("reading the reference data: %w", err)
		}
		collectLess()
		g.Go(func() error { return keepRecord(recording, auditor, newNotary(opened, key, log), log) })
		g.Go(func() error { return app.WriteKeyUse(ctx, log) })
		srv.Open(app)
		url := address(listener.Addr().String())
		log.Info("ready", "url", url)
		if err := announce(c, url); err != nil {
			return err
		}
		app.KeepAudiences(ctx, func(written int, err error) {
			switch {
			case err != nil:
				log.Error("settling the audiences", "written", written, "error", err)
			case written > 0:
				log.Info("settled the audiences", "written", written)
			}
		})
		return nil
	})
	return g.Wait()
}

// collectLess lets the heap grow to four times what is live before it is collected, unless GOGC says something else: what is
// live is small beside what a request makes, so the collector would run all the time.
func collectLess() {
	const usual, less = 100, 300
	if before := debug.SetGCPercent(less); before != usual {
		debug.SetGCPercent(before)
	}
}

func listen(ctx context.Context, setting, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, usage("--%s %s: %w; port 0 picks a free one", setting, address, err)
	}
	return l, nil
}

// bounded does what has to be done after the context has ended, within closeTime.
func bounded(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	return do(ctx)
}

// announce prints the ready line and a first query, each on a line of its own.
func announce(c *call, url string) error {
	_, err := fmt.Fprintf(c.Writer, "kritisgraph ready at %s (GraphiQL: %s/graphiql)\n\nWho supervises a hospital in Bavaria? Paste:\n\n"+
		"curl -s %s/graphql -H 'Content-Type: application/json' -d '%s'\n\n", url, url, url, firstQuery)
	return err
}

// firstQuery is the body of a request that is answered from the reference data alone.
const firstQuery = `{"query":"{ responsibility(input: {subject: {place: {federalState: BY, branch: \"medical-care\"}}, purpose: SUPERVISION}) ` +
	`{ status regimes { legalAct { short } chain { role authority { name(lang: EN) } } gaps { message(lang: EN) } } } }"}`

// address is the URL of this machine for an address to listen on.
func address(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
