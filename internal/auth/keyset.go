package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// KeyStatus tells of the keys in use.
type KeyStatus struct {
	Keys    int
	Fetched time.Time // when they were last fetched well
	Err     error     // why the newest fetch failed; nil if it did not
}

// keySet holds the last good keys of a source. One goroutine does all fetching, so that there is never more than one at a
// time; it ends with the context of startKeySet.
type keySet struct {
	read       source
	parse      func([]byte) (keyDocument, error)
	config     Config
	wake       chan struct{}
	ended      chan struct{}
	mu         sync.Mutex
	keys       map[string]publicKey // replaced, never changed
	fetched    time.Time
	err        error
	attempt    time.Time     // start of the newest fetch
	inProgress chan struct{} // closed when the fetch ends that is wanted or under way; nil if there is none
}

func startKeySet(ctx context.Context, c Config, from source) (*keySet, error) {
	s := &keySet{
		read:   from,
		parse:  func(b []byte) (keyDocument, error) { return parseKeys(b, c.Algorithms, c.RefuseDevelopmentKeys) },
		config: c,
		wake:   make(chan struct{}, 1),
		ended:  make(chan struct{}),
	}
	s.attempt = time.Now()
	doc, err := s.fetch(ctx)
	if err != nil {
		return nil, err
	}
	// At start a wrong document is a mistake of set-up; later the good keys of it are better than none.
	if len(doc.refused) > 0 {
		return nil, errors.New(strings.Join(doc.refused, "; "))
	}
	s.keys, s.fetched = doc.keys, time.Now()
	go s.run(ctx)
	return s, nil
}

// find gives the key of a kid. For an unknown one it waits for the fetch that is under way, or for one that it may start.
func (s *keySet) find(ctx context.Context, kid string) (publicKey, bool) {
	key, ok, wait := s.look(kid)
	if ok || wait == nil {
		return key, ok
	}
	select {
	case <-wait:
	case <-s.ended:
	case <-ctx.Done():
		return publicKey{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok = s.keys[kid]
	return key, ok
}

// look gives a key, or what to wait for: nil if it is too early for another fetch.
func (s *keySet) look(kid string) (publicKey, bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key, ok := s.keys[kid]; ok {
		return key, true, nil
	}
	if s.inProgress == nil {
		if time.Since(s.attempt) < s.config.RetryAfter {
			return publicKey{}, false, nil
		}
		s.inProgress = make(chan struct{})
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	return publicKey{}, false, s.inProgress
}

func (s *keySet) run(ctx context.Context) {
	defer close(s.ended)
	timer := time.NewTimer(s.config.RefreshEvery)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-s.wake:
		}
		if ctx.Err() != nil {
			return
		}
		if s.refresh(ctx) {
			timer.Reset(s.config.RefreshEvery)
		} else {
			timer.Reset(s.config.RetryAfter)
		}
	}
}

// refresh is true if the keys are now those of the source.
func (s *keySet) refresh(ctx context.Context) bool {
	s.mu.Lock()
	// A wake-up that an earlier fetch has answered already, or one that the timer's fetch came before.
	if s.inProgress == nil && time.Since(s.attempt) < s.config.RetryAfter {
		s.mu.Unlock()
		return s.status().Err == nil
	}
	if s.inProgress == nil {
		s.inProgress = make(chan struct{})
	}
	s.attempt = time.Now()
	s.mu.Unlock()

	doc, err := s.fetch(ctx)
	switch {
	case err != nil && ctx.Err() == nil:
		s.config.Log.Warn("the keys of the identity provider could not be refreshed; the last good ones stay", "err", err)
	case len(doc.refused) > 0:
		s.config.Log.Warn("keys of the identity provider were refused", "refused", doc.refused)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err == nil {
		s.keys, s.fetched = doc.keys, time.Now()
	}
	close(s.inProgress)
	s.inProgress = nil
	return err == nil
}

func (s *keySet) fetch(ctx context.Context) (keyDocument, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	data, err := s.read(ctx)
	if err != nil {
		return keyDocument{}, err
	}
	return s.parse(data)
}

func (s *keySet) status() KeyStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return KeyStatus{Keys: len(s.keys), Fetched: s.fetched, Err: s.err}
}
