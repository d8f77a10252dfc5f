package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
)

func healthcheckCommand() *cli.Command {
	return newCommand(&cli.Command{Name: "healthcheck", Usage: "ask a running server on this machine whether it is ready: exit 0 if it is, else 1"},
		"kritisgraph healthcheck --listen 127.0.0.1:8787", []string{"listen"}, healthcheck)
}

const healthPatience = 4 * time.Second

func healthcheck(ctx context.Context, c *call) error {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address(c.settings.listen)+"/readyz", nil)
	if err != nil {
		return usage("--listen %s is no address: %w", c.settings.listen, err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy: the server is on this machine
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("no server answers: %w", err)
	}
	defer response.Body.Close()
	reason, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		return fmt.Errorf("reading the answer of the server: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", strings.TrimSpace(string(reason)))
	}
	_, err = fmt.Fprintln(c.Writer, strings.TrimSpace(string(reason)))
	return err
}
