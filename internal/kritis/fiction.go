package kritis

import (
	"context"
	"fmt"
	"strings"

	"kritisgraph/internal/store"
)

// Fiction returns something of the store that cannot be real: demo data, or a channel at a domain that is reserved for
// examples and tests (RFC 2606). It is empty where there is none.
func Fiction(ctx context.Context, s *store.Store) (store.ID, error) {
	demo, err := s.List(ctx, Maintenance(), store.Query{
		Labels: []store.Label{LabelOperator, LabelFacility, LabelIncident}, Where: store.Where("demo", store.EQ, store.Bool(true)), Limit: 1,
	})
	if err != nil {
		return "", fmt.Errorf("looking for demo data: %w", err)
	}
	if len(demo.Hits) > 0 {
		return demo.Hits[0].Node.ID, nil
	}
	channels, err := readAll(ctx, s, Maintenance(), []store.Label{LabelChannel})
	if err != nil {
		return "", fmt.Errorf("looking for reserved domains: %w", err)
	}
	for _, n := range channels {
		if reserved(n.Prop("value").Text()) {
			return n.ID, nil
		}
	}
	return "", nil
}

// reserved reports whether an e-mail address or the address of a page lies in a domain that nobody can have.
func reserved(address string) bool {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	host, _, _ := strings.Cut(address, "/")
	host = host[strings.LastIndex(host, "@")+1:]
	host, _, _ = strings.Cut(host, ":")
	host = "." + strings.ToLower(strings.TrimSuffix(host, "."))
	for _, domain := range []string{".example", ".test", ".invalid", ".localhost", ".example.com", ".example.net", ".example.org"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}
