package main

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/urfave/cli/v3"
)

const program = "kritisgraph"

// The values that settings with a closed list take.
const (
	storeSQLite       = "sqlite"
	demoNone          = "none"
	profileProduction = "production"
	authOff           = "off"
	authJWT           = "jwt"
	formatJSON        = "json"
)

// storeSettings are what a command needs to open the store.
var storeSettings = []string{"store", "data", "neo4j-user", "neo4j-password", "neo4j-password-file", "neo4j-database"}

// table is the list of settings: name of the flag and of the key in the file (the environment variable follows from it),
// default and help. Each call makes flags of its own.
func table() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "config", TakesFile: true,
			Usage: "YAML `FILE` with settings, one 'name: value' a line, named like the flags"},
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8787",
			Usage: "`ADDRESS` of the server; port 0 picks a free one"},
		&cli.StringFlag{Name: "store", Value: storeSQLite,
			Usage: "'sqlite', or the `URI` of a Neo4j server such as neo4j://localhost:7687"},
		&cli.StringFlag{Name: "data", Value: dataDirectory(), TakesFile: true, DefaultText: "the user's data directory",
			Usage: "`DIRECTORY` of the SQLite file; one process at a time writes"},
		&cli.StringFlag{Name: "neo4j-user", Value: "neo4j",
			Usage: "`NAME` of the user in Neo4j"},
		&cli.StringFlag{Name: "neo4j-password", Hidden: true,
			Usage: "password in Neo4j; by KRITISGRAPH_NEO4J_PASSWORD only"},
		&cli.StringFlag{Name: "neo4j-password-file", TakesFile: true,
			Usage: "`FILE` with the password in Neo4j; or set KRITISGRAPH_NEO4J_PASSWORD"},
		&cli.StringFlag{Name: "neo4j-database", Value: "neo4j",
			Usage: "`NAME` of the database in Neo4j"},
		&cli.StringFlag{Name: "demo", Value: "medium", Validator: oneOf(demoNone, "small", "medium", "large"),
			Usage: "`SIZE` of the fictional data loaded into an empty store: none, small, medium, large"},
		&cli.Int64Flag{Name: "demo-seed", Value: 1,
			Usage: "`NUMBER` that decides the fictional data"},
		&cli.StringSliceFlag{Name: "cors-origin", Validator: areOrigins,
			Usage: "`ORIGIN` whose pages may use the API, such as https://kritis.example; repeatable"},
		&cli.StringFlag{Name: "profile", Value: "development", Validator: oneOf("development", profileProduction),
			Usage: "`NAME` of the profile: development, production (refuses what is unsafe)"},
		&cli.StringFlag{Name: "auth", Value: authOff, Validator: oneOf(authOff, authJWT),
			Usage: "`HOW` callers log in: off (everybody is the development principal), jwt (bearer tokens of an identity provider)"},
		&cli.StringFlag{Name: "auth-issuer",
			Usage: "`ISSUER` (iss) that tokens must have; needed by --auth jwt"},
		&cli.StringFlag{Name: "auth-audience",
			Usage: "`AUDIENCE` (aud) that tokens must have; needed by --auth jwt"},
		&cli.StringFlag{Name: "auth-jwks",
			Usage: "`URL` or file with the public keys of the issuer (JWKS); needed by --auth jwt"},
		&cli.StringSliceFlag{Name: "auth-algorithms", Value: []string{"ES256", "ES384", "EdDSA", "PS256"},
			Usage: "`NAMES` of the signature algorithms that tokens may have; RS256 is possible too"},
		&cli.BoolFlag{Name: "allow-unauthenticated",
			Usage: "let --auth off listen on an address that is not loopback, for a container whose port is published on loopback only"},
		&cli.StringFlag{Name: "rate-anonymous", Value: "20:100", Validator: isRate,
			Usage: "`RATE` of requests from one address without a token: so many a second, and so many at once after a pause"},
		&cli.StringFlag{Name: "rate-caller", Value: "200:1000", Validator: isRate,
			Usage: "`RATE` of requests with tokens of one subject, written alike"},
		&cli.StringFlag{Name: "audit-key", TakesFile: true, DefaultText: defaultAuditKey + " in the data directory",
			Usage: "`FILE` with the Ed25519 key that signs checkpoints of the log; made where there is none, its public half beside it"},
		&cli.StringFlag{Name: "log-level", Value: "info", Validator: oneOf("debug", "info", "warn", "error"),
			Usage: "least `LEVEL` that is logged: debug, info, warn, error"},
		&cli.StringFlag{Name: "log-format", Validator: oneOf("text", formatJSON), DefaultText: "text on a terminal, else json",
			Usage: "`FORMAT` of the log: text, json"},
		&cli.StringFlag{Name: "metrics-listen",
			Usage: "`ADDRESS` of Prometheus metrics, on a listener of their own; off without it"},
		&cli.StringFlag{Name: "otlp-endpoint",
			Usage: "`URL` of an OpenTelemetry collector (OTLP over HTTP) that gets traces; off without it"},
	}
}

// dataDirectory is where a user's programs keep data: empty where the system does not say.
func dataDirectory() string {
	home, err := os.UserHomeDir()
	var base string
	switch {
	case runtime.GOOS == "windows":
		base = os.Getenv("LocalAppData")
	case err != nil:
	case runtime.GOOS == "darwin":
		base = filepath.Join(home, "Library", "Application Support")
	default:
		base = filepath.Join(home, ".local", "share")
	}
	if xdg := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) && runtime.GOOS != "windows" {
		base = xdg
	}
	if base == "" {
		return ""
	}
	return filepath.Join(base, program)
}

// settings are the values of the settings that a command takes; others are empty.
type settings struct {
	listen, store, data                                        string
	neo4jUser, neo4jPassword, neo4jPasswordFile, neo4jDatabase string
	demo                                                       string
	demoSeed                                                   int64
	corsOrigins                                                []string
	profile, auth                                              string
	authIssuer, authAudience, authJWKS                         string
	authAlgorithms                                             []string
	allowUnauthenticated                                       bool
	rateAnonymous, rateCaller                                  string
	auditKey                                                   string
	logLevel, logFormat                                        string
	metricsListen, otlpEndpoint                                string
	origins                                                    map[string]string // where each value came from, by name
}

func (in *inputs) settings(cmd *cli.Command) (settings, error) {
	s := settings{
		listen: cmd.String("listen"), store: cmd.String("store"), data: cmd.String("data"),
		neo4jUser: cmd.String("neo4j-user"), neo4jPassword: cmd.String("neo4j-password"),
		neo4jPasswordFile: cmd.String("neo4j-password-file"), neo4jDatabase: cmd.String("neo4j-database"),
		demo: cmd.String("demo"), demoSeed: cmd.Int64("demo-seed"), corsOrigins: cmd.StringSlice("cors-origin"),
		profile: cmd.String("profile"), auth: cmd.String("auth"),
		authIssuer: cmd.String("auth-issuer"), authAudience: cmd.String("auth-audience"), authJWKS: cmd.String("auth-jwks"),
		authAlgorithms: cmd.StringSlice("auth-algorithms"), allowUnauthenticated: cmd.Bool("allow-unauthenticated"),
		rateAnonymous: cmd.String("rate-anonymous"), rateCaller: cmd.String("rate-caller"),
		auditKey: cmd.String("audit-key"),
		logLevel: cmd.String("log-level"), logFormat: cmd.String("log-format"),
		metricsListen: cmd.String("metrics-listen"), otlpEndpoint: cmd.String("otlp-endpoint"),
		origins: in.found,
	}
	return s, s.check()
}
