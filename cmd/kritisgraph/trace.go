package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// newTracing returns what makes a span of each request and what sends the last ones. Without an endpoint both do nothing.
// Spans carry method, path and status, no query and no data.
func newTracing(ctx context.Context, endpoint string) (around func(http.Handler) http.Handler, flush func(context.Context) error, err error) {
	if endpoint == "" {
		return func(h http.Handler) http.Handler { return h }, func(context.Context) error { return nil }, nil
	}
	target, err := url.JoinPath(endpoint, "v1", "traces")
	if err != nil {
		return nil, nil, usage("--otlp-endpoint: %w", err)
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(target))
	if err != nil {
		return nil, nil, usage("--otlp-endpoint: %w", err)
	}
	about, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", program), attribute.String("service.version", readBuild().version)))
	if err != nil {
		return nil, nil, fmt.Errorf("describing the service for traces: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(about))
	around = func(h http.Handler) http.Handler {
		return otelhttp.NewHandler(h, "request",
			otelhttp.WithTracerProvider(provider), otelhttp.WithPropagators(propagation.TraceContext{}))
	}
	return around, provider.Shutdown, nil
}
