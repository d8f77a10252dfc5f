package auth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// source reads the bytes of a JWKS, at most one more than are accepted.
type source func(context.Context) ([]byte, error)

func newSource(c Config) (source, error) {
	if c.JWKS == "" {
		return nil, errors.New("the JWKS is required: a URL or a file")
	}
	if !isURL(c.JWKS) {
		return func(context.Context) ([]byte, error) { return readFile(c.JWKS) }, nil
	}
	address, err := checkURL(c.JWKS)
	if err != nil {
		return nil, err
	}
	transport := c.Transport
	if transport == nil {
		transport = newTransport(address.Scheme == "http")
	}
	client := &http.Client{
		Transport: transport,
		// The answer that redirects is not followed: its status is the error.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return func(ctx context.Context) ([]byte, error) { return fetch(ctx, client, address.String()) }, nil
}

func isURL(s string) bool { return strings.Contains(s, "://") }

func checkURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("address of the JWKS: %w", err)
	}
	switch {
	case u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return nil, errors.New("address of the JWKS: a host is needed, a user or a fragment is not allowed")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return u, nil
	}
	return nil, errors.New("address of the JWKS: https is needed (http only on loopback)")
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.Unmap().IsLoopback()
}

// newTransport leaves the time to the context of a fetch. Where the address is http, what is dialled is checked too, for a
// name may lead anywhere.
func newTransport(loopbackOnly bool) *http.Transport {
	dialer := &net.Dialer{}
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		MaxResponseHeaderBytes: 16 << 10,
		DisableCompression:     true, // the limit is on what arrives
		DisableKeepAlives:      true, // once in minutes
		ForceAttemptHTTP2:      true,
	}
	if loopbackOnly {
		t.Proxy = nil
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			host, _, err := net.SplitHostPort(address)
			if err != nil || !isLoopback(host) {
				return errors.New("http is allowed on loopback only")
			}
			return nil
		}
	}
	t.DialContext = dialer.DialContext
	return t
}

func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer has status %d, 200 is expected (redirects are not followed)", response.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return data, nil
}

func readFile(path string) ([]byte, error) {
	// Asked before opening: a pipe would block.
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxDocument+1))
}
