package auth

import (
	"strings"
	"testing"
)

// A name may lead anywhere: what http dials is checked, not only what the address says. No packet leaves for it.
func TestHTTPDialsLoopbackOnly(t *testing.T) {
	for _, address := range []string{"192.0.2.1:80", "[2001:db8::1]:80", "169.254.169.254:80"} {
		connection, err := newTransport(true).DialContext(t.Context(), "tcp", address)
		if err == nil {
			connection.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "loopback only") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
