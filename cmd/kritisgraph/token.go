package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v3"

	"kritisgraph/internal/auth"
)

// The files of development tokens in the data directory.
const (
	developmentKey  = "development-key.pem"
	developmentJWKS = "development-jwks.json"
)

// maxLifetime bounds how long a development token is valid.
const maxLifetime = 30 * 24 * time.Hour

func tokenCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "token", Usage: "make a token for development",
		Description: "Prints a token signed with a key of this data directory, which it makes at the first time, and writes the public key " +
			"beside it: start the server with --auth jwt, the same --auth-issuer and --auth-audience, and --auth-jwks <data directory>/" +
			developmentJWKS + ". A production profile refuses such tokens.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "subject", Value: "developer", Usage: "`NAME` of the caller"},
			&cli.StringFlag{Name: "body", Usage: "`SLUG` of the authority that the caller acts for, such as zkl-de-by"},
			&cli.StringFlag{Name: "operator", Usage: "`REFERENCE` of the operator that the caller acts for, such as demo-op-0001"},
			&cli.StringSliceFlag{Name: "role", Usage: "`ROLE` that no body gives: AUDITOR, ADMINISTRATOR; repeatable"},
			&cli.StringSliceFlag{Name: "federal-state", Usage: "`CODE` of a Land to which the sight is narrowed; repeatable"},
			&cli.StringFlag{Name: "max-tlp", Usage: "`MARKING` to which the sight is narrowed: CLEAR, GREEN, AMBER, AMBER_STRICT, RED"},
			&cli.DurationFlag{Name: "lifetime", Value: time.Hour, Usage: "`TIME` for which it is valid, such as 8h; at most 720h"},
		},
	}, "kritisgraph token --auth-issuer dev --auth-audience kritisgraph --body zkl-de-by",
		[]string{"data", "profile", "auth-issuer", "auth-audience"}, makeToken)
}

func makeToken(_ context.Context, c *call) error {
	s := c.settings
	lifetime := c.Duration("lifetime")
	switch {
	case s.profile == profileProduction:
		return usage("--profile production refuses development tokens: get one from the identity provider")
	case s.authIssuer == "" || s.authAudience == "":
		return usage("--auth-issuer and --auth-audience are needed: give those of the server")
	case lifetime <= 0 || lifetime > maxLifetime:
		return usage("--lifetime %s: give a time above zero, at most %s", lifetime, maxLifetime)
	}
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return usage("--data: %w", err)
	}
	signer, err := auth.NewSigner(filepath.Join(s.data, developmentKey))
	if err != nil {
		return usage("%w", err)
	}
	public, err := signer.PublicJWKS()
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(s.data, developmentJWKS), append(public, '\n'), 0o600); err != nil {
		return err
	}
	now := time.Now()
	claims := auth.Claims{
		Subject: c.String("subject"), Issuer: s.authIssuer, Expires: now.Add(lifetime), Body: c.String("body"), Operator: c.String("operator"),
		Roles: c.StringSlice("role"), FederalStates: c.StringSlice("federal-state"), MaxTLP: c.String("max-tlp"),
	}
	if len(claims.FederalStates) == 0 {
		claims.FederalStates = nil // no claim: not narrowed
	}
	token, err := signer.Sign(claims, s.authAudience, now)
	if err != nil {
		return usage("%w", err)
	}
	_, err = fmt.Fprintln(c.Writer, token)
	return err
}
