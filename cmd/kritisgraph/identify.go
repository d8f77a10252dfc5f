package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"kritisgraph/internal/auth"
	"kritisgraph/internal/kritis"
)

// identify returns what says who calls, nil with --auth off. It fetches the keys of the issuer once, so that a wrong address
// is found at the start.
func (s settings) identify(ctx context.Context, log *slog.Logger) (func(*http.Request) (kritis.Identity, bool, error), error) {
	if s.auth == authOff {
		return nil, nil
	}
	verifier, err := auth.NewVerifier(ctx, auth.Config{
		Issuer: s.authIssuer, Audience: s.authAudience, JWKS: s.authJWKS, Algorithms: s.authAlgorithms,
		RefuseDevelopmentKeys: s.profile == profileProduction, Now: time.Now, Log: log,
	})
	if err != nil {
		return nil, usage("--auth jwt: %w", err)
	}
	for _, warning := range verifier.Warnings() {
		log.Warn("authentication", "warning", warning)
	}
	return func(r *http.Request) (kritis.Identity, bool, error) {
		token, given, err := auth.Bearer(r)
		if err != nil || !given {
			return kritis.Identity{}, false, err
		}
		claims, err := verifier.Verify(r.Context(), token)
		if err != nil {
			return kritis.Identity{}, false, err
		}
		return kritis.Identity{
			Subject: claims.Subject, Body: claims.Body, Operator: claims.Operator, Roles: slices.Clone(claims.Roles),
			FederalStates: claims.FederalStates, MaxTLP: claims.MaxTLP,
		}, true, nil
	}, nil
}
