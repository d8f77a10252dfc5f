package auth_test

import (
	"encoding/base64"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"kritisgraph/internal/auth"
)

var (
	mutations    = flag.Int("mutations", 100_000, "tokens that TestNoMutatedTokenIsAccepted tries")
	mutationSeed = flag.Uint64("mutation-seed", 1, "seed of TestNoMutatedTokenIsAccepted")
)

// goodTokens gives several tokens of each key, with different claims, so that segments can change places between them.
func goodTokens() []string {
	var out []string
	for _, kid := range []string{"es", "ed", "ps", "es384"} {
		for _, claims := range []map[string]any{nil, {"sub": "bert", "roles": []string{"administrator"}}, {"max_tlp": "RED"}} {
			out = append(out, keys()[kid].token(claims))
		}
	}
	return out
}

// mutate gives a token that differs from all good ones.
func mutate(r *rand.Rand, good []string) string {
	for {
		token := []byte(good[r.IntN(len(good))])
		at := r.IntN(len(token))
		switch r.IntN(9) {
		case 0:
			token[at] = byte(r.UintN(256))
		case 1: // another character that a token may have
			const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
			token[at] = alphabet[r.IntN(len(alphabet))]
		case 2:
			token = slices.Delete(token, at, at+1)
		case 3:
			token = slices.Insert(token, at, byte(r.UintN(256)))
		case 4:
			token = token[:at]
		case 5:
			other := r.IntN(len(token))
			token[at], token[other] = token[other], token[at]
		case 6: // a segment of another token
			parts, others := strings.Split(string(token), "."), strings.Split(good[r.IntN(len(good))], ".")
			parts[r.IntN(3)] = others[r.IntN(3)]
			token = []byte(strings.Join(parts, "."))
		default: // a bit of what a segment says, spelled well
			parts := strings.Split(string(token), ".")
			i := r.IntN(3)
			raw, err := base64.RawURLEncoding.DecodeString(parts[i])
			if err != nil {
				panic(err)
			}
			raw[r.IntN(len(raw))] ^= 1 << r.UintN(8)
			parts[i] = base64.RawURLEncoding.EncodeToString(raw)
			token = []byte(strings.Join(parts, "."))
		}
		if !slices.Contains(good, string(token)) {
			return string(token)
		}
	}
}

func TestNoMutatedTokenIsAccepted(t *testing.T) {
	good := goodTokens()
	v := verifier(t, config(serving(allKeys())))
	for _, token := range good {
		if got := reason(t, v, token); got != "" {
			t.Fatalf("a good token: %q", got)
		}
	}
	const workers = 2
	var all sync.WaitGroup
	var mu sync.Mutex
	refused := map[auth.Reason]int{}
	for worker := range workers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(*mutationSeed, uint64(worker)))
			mine := map[auth.Reason]int{}
			for range *mutations / workers {
				token := mutate(r, good)
				why := reason(t, v, token)
				if why == "" {
					t.Errorf("accepted (seed %d): %q", *mutationSeed, token)
				}
				mine[why]++
			}
			mu.Lock()
			defer mu.Unlock()
			for why, n := range mine {
				refused[why] += n
			}
		})
	}
	all.Wait()
	t.Logf("%d tokens: %v", *mutations, refused)
	// The mutations must get as far as the signature, or they would prove nothing.
	if refused[auth.Signature] < *mutations/4 {
		t.Errorf("only %d of %d reached the signature", refused[auth.Signature], *mutations)
	}
}

// FuzzVerify holds that what is accepted was signed: header and payload are those of a good token.
func FuzzVerify(f *testing.F) {
	good := goodTokens()
	signed := map[string]bool{}
	for _, token := range good {
		f.Add(token)
		signed[token[:strings.LastIndexByte(token, '.')]] = true
	}
	es := keys()["es"]
	for _, token := range []string{
		"", ".", "..", "...", "e30.e30.", "bnVsbA.bnVsbA.bnVsbA", es.named("unknown"),
		es.sign(es.header(map[string]any{"alg": "none"}), payload(nil)), es.token(map[string]any{"exp": 1e300}),
		es.token(map[string]any{"roles": []any{nil, 1, "x"}}), strings.Repeat("a", auth.MaxToken+1),
	} {
		f.Add(token)
	}
	v := verifier(f, config(serving(allKeys())))
	f.Fuzz(func(t *testing.T, token string) {
		why := reason(t, v, token)
		at := strings.LastIndexByte(token, '.')
		if accepted := why == ""; accepted && (at < 0 || !signed[token[:at]]) {
			t.Errorf("accepted %q", token)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	v := verifier(b, config(serving(allKeys())))
	for _, kid := range []string{"es", "es384", "ed", "ps"} {
		token := keys()[kid].token(nil)
		b.Run(keys()[kid].algorithm, func(b *testing.B) {
			for b.Loop() {
				if _, err := v.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
