package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kritisgraph/internal/server"
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

// isRate lets a flag take only rates.
func isRate(value string) error {
	_, err := rateOf(value)
	return err
}

// rateOf reads a rate such as 20:100, which is 20 requests a second and 100 at once.
func rateOf(value string) (server.Rate, error) {
	second, burst, _ := strings.Cut(value, ":")
	perSecond, err := strconv.ParseFloat(second, 64)
	atOnce, err2 := strconv.Atoi(burst)
	const most = 1e9
	if err != nil || err2 != nil || !(perSecond > 0 && perSecond <= most) || atOnce < 1 || atOnce > most {
		return server.Rate{}, fmt.Errorf("%q is no rate such as 20:100, 20 requests a second and 100 at once", value)
	}
	return server.Rate{PerSecond: perSecond, Burst: atOnce}, nil
}

// rates returns the rates of requests of an address and of a subject.
func (s settings) rates() (anonymous, caller server.Rate, err error) {
	if anonymous, err = rateOf(s.rateAnonymous); err != nil {
		return anonymous, caller, usage("--rate-anonymous: %w", err)
	}
	if caller, err = rateOf(s.rateCaller); err != nil {
		return anonymous, caller, usage("--rate-caller: %w", err)
	}
	return anonymous, caller, nil
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
	if err := errors.Join(s.checkAddresses(), s.checkCallers(), s.checkProfile()); err != nil {
		return usage("%w", err)
	}
	return nil
}

func (s settings) checkAddresses() error {
	var errs []error
	check := func(name, address string) {
		if _, _, err := net.SplitHostPort(address); err != nil {
			errs = append(errs, fmt.Errorf("--%s %s is no address such as 127.0.0.1:8787", name, address))
		}
	}
	check("listen", s.listen)
	if s.metricsListen != "" {
		check("metrics-listen", s.metricsListen)
	}
	if s.otlpEndpoint != "" {
		if u, err := url.Parse(s.otlpEndpoint); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, errors.New("--otlp-endpoint is no http or https URL such as http://localhost:4318"))
		}
	}
	return errors.Join(errs...)
}

// checkCallers refuses to let anybody in by mistake.
func (s settings) checkCallers() error {
	if s.auth == authOff {
		if s.loopback() || s.allowUnauthenticated {
			return nil
		}
		return fmt.Errorf("--auth off on %s would let everybody in who reaches it: listen on loopback such as 127.0.0.1:8787, or add "+
			"--allow-unauthenticated if that port is published on loopback only", s.listen)
	}
	var errs []error
	for _, needed := range []struct{ name, value string }{
		{"auth-jwks", s.authJWKS}, {"auth-issuer", s.authIssuer}, {"auth-audience", s.authAudience},
	} {
		if needed.value == "" {
			errs = append(errs, fmt.Errorf("--auth jwt needs --%s", needed.name))
		}
	}
	return errors.Join(errs...)
}

func (s settings) checkProfile() error {
	if s.profile != profileProduction {
		return nil
	}
	var errs []error
	if s.auth == authOff {
		errs = append(errs, errors.New("--profile production refuses --auth off: use --auth jwt"))
	}
	if s.demo != demoNone {
		errs = append(errs, errors.New("--profile production refuses demo data: use --demo none"))
	}
	return errors.Join(errs...)
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
