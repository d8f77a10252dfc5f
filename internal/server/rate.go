package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"kritisgraph/internal/auth"
	"kritisgraph/internal/kritis"
)

// Rate is how many requests somebody may send: so many a second, and Burst at once after a pause. The zero value does not limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// rememberedCallers is how many callers, and how many addresses, have a bucket. Who has not been seen for longest loses it and
// begins with a full one again.
const rememberedCallers = 1 << 14

// buckets limit the rate of many callers, each on its own, in bounded memory. They are safe for concurrent use.
type buckets struct {
	rate Rate
	now  func() time.Time
	of   *lru.Cache[string, *rate.Limiter]
}

func newBuckets(r Rate, now func() time.Time) (*buckets, error) {
	of, err := lru.New[string, *rate.Limiter](rememberedCallers)
	return &buckets{rate: r, now: now, of: of}, err
}

// take takes one request from the bucket of a key. Where there is none left, nothing is taken, and wait says when there is.
func (b *buckets) take(key string) (wait time.Duration) {
	if b.rate == (Rate{}) {
		return 0
	}
	bucket, ok := b.of.Get(key)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(b.rate.PerSecond), b.rate.Burst)
		if other, ok, _ := b.of.PeekOrAdd(key, bucket); ok {
			bucket = other
		}
	}
	now := b.now()
	taken := bucket.ReserveN(now, 1)
	if wait = taken.DelayFrom(now); wait > 0 {
		taken.CancelAt(now)
	}
	return wait
}

// caller is who sent a request, as far as the door knows.
type caller struct {
	id    kritis.Identity
	known bool
	key   *kritis.KeySecret // an integration key, which the store will judge
	err   error             // why its token or key is refused
}

// identify says who sent a request. Where nobody logs in, integration keys are passed over like tokens.
func (s *Server) identify(r *http.Request) caller {
	if s.options.Identify == nil {
		return caller{}
	}
	if token, given, err := auth.Bearer(r); err == nil && given && strings.HasPrefix(token, kritis.KeyPrefix) {
		key, err := kritis.ParseKeySecret(token)
		if err != nil {
			return caller{err: err}
		}
		return caller{key: &key}
	}
	id, known, err := s.options.Identify(r)
	return caller{id: id, known: known && err == nil, err: err}
}

// admit takes a request from the bucket of its caller: of the subject of its token or of its key, else of its address, also where
// the token is refused. A key has a bucket of its own once it was accepted, so nobody guesses at the cost of another one, and
// guessing is as slow as asking without a token. Where nobody logs in, this machine is not limited, and others are as callers with
// a token.
func (s *Server) admit(r *http.Request, c caller) (wait time.Duration) {
	switch address := peer(r); {
	case c.known:
		return s.callers.take("subject " + c.id.Subject)
	case c.key != nil && s.accepted.Contains(c.key.Digest()):
		return s.callers.take("key " + c.key.ID())
	case s.options.Identify != nil:
		return s.anonymous.take(network(address))
	case address.IsLoopback():
		return 0
	default:
		return s.callers.take("address " + network(address))
	}
}

// peer is the address at the other end of the connection. X-Forwarded-For is what anybody may write, so nobody reads it.
func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return address.Unmap().WithZone("")
}

// network is what one subscriber has: an IPv4 address, or a whole /64 of IPv6.
func network(address netip.Addr) string {
	const subscriber = 64
	if address.Is6() {
		if prefix, err := address.Prefix(subscriber); err == nil {
			return prefix.String()
		}
	}
	return address.String()
}
