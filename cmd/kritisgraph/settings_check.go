package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// oneOf lets a flag take only one of these values.
func oneOf(values ...string) func(string) error {
	return func(value string) error {
		if slices.Contains(values, value) {
			return nil
		}
		return fmt.Errorf("%q is not one of %s", value, strings.Join(values, ", "))
	}
}

// areOrigins lets a flag take only exact origins as browsers send them.
func areOrigins(values []string) error {
	for _, value := range values {
		u, err := url.Parse(value)
		exact := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && value == strings.ToLower(u.Scheme+"://"+u.Host)
		if !exact || strings.Contains(value, "*") {
			return fmt.Errorf("%q is no exact origin such as https://kritis.example or http://localhost:3000", value)
		}
	}
	return nil
}

// neo4jSchemes are the protocols of Neo4j.
var neo4jSchemes = []string{"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"}

// check refuses values that cannot be meant. Settings that the command does not take are empty and pass.
func (s settings) check() error {
	scheme, _, isURI := strings.Cut(s.store, "://")
	switch {
	case s.store == storeSQLite && s.data == "":
		return usage("--data is missing: this system names no data directory of the user")
	case s.store != "" && s.store != storeSQLite && (!isURI || !slices.Contains(neo4jSchemes, scheme)):
		return usage("--store %s: use sqlite, or a Neo4j URI such as neo4j://localhost:7687 (%s)", redacted(s.store), strings.Join(neo4jSchemes, ", "))
	}
	return nil
}

// checkServing refuses what a server must not be started with, everything at once.
func (s settings) checkServing() error {
	var errs []error
	refuse := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for name, address := range map[string]string{"listen": s.listen, "metrics-listen": s.metricsListen} {
		if address == "" && name != "listen" {
			continue
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			refuse("--%s %s is no address such as 127.0.0.1:8787", name, address)
		}
	}
	if s.auth == authJWT {
		for name, value := range map[string]string{"auth-issuer": s.authIssuer, "auth-audience": s.authAudience, "auth-jwks": s.authJWKS} {
			if value == "" {
				refuse("--auth jwt needs --%s", name)
			}
		}
	}
	if s.profile == profileProduction {
		if s.auth == authOff {
			refuse("--profile production refuses --auth off: use --auth jwt")
		}
		if s.demo != demoNone {
			refuse("--profile production refuses demo data: use --demo none")
		}
	}
	if s.auth == authOff && !s.loopback() && !s.allowUnauthenticated {
		refuse("--auth off on %s would let everybody in who reaches it: listen on loopback such as 127.0.0.1:8787, or add "+
			"--allow-unauthenticated if that port is published on loopback only", s.listen)
	}
	if s.otlpEndpoint != "" {
		if u, err := url.Parse(s.otlpEndpoint); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			refuse("--otlp-endpoint is no http or https URL such as http://localhost:4318")
		}
	}
	if err := errors.Join(errs...); err != nil {
		return usage("%w", err)
	}
	return nil
}

// loopback reports whether the server listens where only this machine reaches it.
func (s settings) loopback() bool {
	host, _, err := net.SplitHostPort(s.listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// redacted hides the password of a URL.
func redacted(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(not a URL)"
	}
	return u.Redacted()
}
