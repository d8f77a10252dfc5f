# Targets are lists of one tool each; what needs more than a line is a script in scripts/.

.DEFAULT_GOAL := help
.PHONY: help build run check test lint generate drift unit neo4j-test clients browser ui ui-drift fuzz bench vuln vuln-ci

FUZZTIME ?= 30s
BENCH ?= .
GENERATE := go generate . ./graph/policy
UI := scripts/node npm --prefix internal/web/ui

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the static binary, bin/kritisgraph
	CGO_ENABLED=0 go build -trimpath -o bin/kritisgraph ./cmd/kritisgraph

run: ## the server with demo data on http://127.0.0.1:8787/
	go run ./cmd/kritisgraph serve

check: lint unit ## the fast loop: lint and the Go tests on SQLite

test: ## everything that CI runs; installs what it needs, leaves nothing out
	@scripts/steps lint drift ui-drift unit neo4j-test clients browser fuzz vuln-ci

lint: ## golangci-lint with the layer rules
	scripts/tool golangci-lint run ./...

generate: ## the GraphQL code and the table of access from schema.graphqls
	$(GENERATE)

drift: ## fail if the generated code is not up to date
	scripts/drift graph/generated graph/model graph/policy -- $(GENERATE)

unit: ## the Go tests on SQLite
	go test ./...

neo4j-test: ## the Go tests that need a real Neo4j
	scripts/neo4j run scripts/neo4j-tests

clients: ## unmodified GraphQL clients against a started server
	scripts/clients

browser: ## the pages in Chromium; screenshots in .cache/screenshots
	scripts/browser

ui: ## build internal/web/dist from internal/web/ui
	$(UI) ci
	$(UI) run build

ui-drift: ## fail if internal/web/dist is not what internal/web/ui builds
	$(UI) ci
	$(UI) run check
	$(UI) run drift

fuzz: ## each fuzz test for FUZZTIME
	scripts/fuzz $(FUZZTIME)

bench: build ## documents and outages over HTTP on both databases beside a floor, then the Go benchmarks that match BENCH
	scripts/neo4j run go run ./scripts/bench
	NEO4J_HEAP=2g scripts/neo4j run go run ./scripts/bench -outages
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

vuln: ## fail on a known vulnerability that the code reaches, or if that cannot be checked
	go run ./scripts/vuln

vuln-ci: # the same, but says in one line where no database can be had
	go run ./scripts/vuln -unchecked-ok
