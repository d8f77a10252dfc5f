//go:build neo4j

package neo4jstore

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

// cutter passes bytes between clients and a server until it is armed; then it cuts the connection that sends COMMIT,
// before or after the server got it, and every later one until it is mended.
type cutter struct {
	listener net.Listener
	server   string
	deliver  atomic.Bool // the server gets the COMMIT, the client no answer
	armed    atomic.Bool
	down     atomic.Bool
	open     sync.WaitGroup
}

// commitMessage is the Bolt message COMMIT with its chunk header and end.
var commitMessage = []byte{0, 2, 0xb0, 0x12, 0, 0}

func newCutter(t *testing.T, o Options) (*cutter, Options) {
	t.Helper()
	address, err := url.Parse(o.URI)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{listener: listener, server: address.Host}
	c.open.Go(c.accept)
	t.Cleanup(func() { listener.Close(); c.open.Wait() })
	o.URI = "bolt://" + listener.Addr().String()
	return c, o
}

func (c *cutter) accept() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.server)
		if err != nil || c.down.Load() {
			client.Close()
			continue
		}
		c.open.Go(func() { c.forward(server, client) })
		c.open.Go(func() { c.back(client, server) })
	}
}

// forward passes what the client sends on.
func (c *cutter) forward(server, client net.Conn) {
	defer server.Close()
	defer client.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		cut := c.armed.Load() && bytes.HasSuffix(buffer[:n], commitMessage)
		if cut {
			c.down.Store(true)
			if !c.deliver.Load() {
				return
			}
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
		if cut {
			client.Close()
			// The server answers into the void; reading it to the end makes sure that it was there.
			return
		}
	}
}

func (c *cutter) back(client, server net.Conn) {
	defer client.Close()
	_, _ = io.Copy(client, server)
}

func (c *cutter) mend() {
	c.armed.Store(false)
	c.down.Store(false)
}

func TestACommitThatLostItsAnswerHasAnUnknownOutcome(t *testing.T) {
	for name, delivered := range map[string]bool{"the server never got it": false, "the server got it": true} {
		t.Run(name, func(t *testing.T) {
			seed(t, openServer(t), 1)
			proxy, o := newCutter(t, server(t))
			s, err := store.Create(t.Context(), openAs(t, o), storetest.Schema(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			proxy.deliver.Store(delivered)
			proxy.armed.Store(true)
			c := store.Change{
				Meta: store.Meta{Action: "edit", Actor: "test", At: 1},
				Once: store.Once{Owner: "test", Key: "lost", Digest: "d"},
				If:   []store.Cond{{ID: "Memo/m"}}, Put: []store.Node{{ID: "Memo/m"}},
			}
			if _, err = s.Commit(t.Context(), c); !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, store.ErrUnknownOutcome) {
				t.Fatalf("Commit: %v", err)
			}
			if _, err = s.Head(t.Context(), store.Mark{}); !errors.Is(err, store.ErrUnavailable) {
				t.Fatalf("Head while the server is gone: %v", err)
			}
			proxy.mend()
			// Committing again takes the lock, so the first try is decided by then.
			_, err = s.Commit(t.Context(), c)
			page, logErr := s.Log(t.Context(), store.Unrestricted(), store.LogQuery{Once: &store.OnceKey{Owner: "test", Key: "lost"}})
			if logErr != nil || len(page.Records) != 1 || page.Records[0].Seq != 2 {
				t.Fatalf("the log under the key: %+v, %v", page, logErr)
			}
			if delivered && err != nil && !errors.Is(err, store.ErrReplayed) || !delivered && err != nil {
				t.Errorf("the same commit again: %v", err)
			}
		})
	}
}

func TestAConnectionThatWentStaleIsReplaced(t *testing.T) {
	seed(t, openServer(t), 1)
	proxy, o := newCutter(t, server(t))
	d := openAs(t, o)
	if _, err := d.Head(t.Context(), store.Mark{}); err != nil {
		t.Fatal(err)
	}
	// The next COMMIT, that of a read, cuts its connection; the read itself is tried again on a new one.
	proxy.armed.Store(true)
	walk := store.Walk{From: []store.ID{"Body/L000000"}, Follow: []store.Step{{Edge: "SERVES"}}, Depth: 1, MaxNodes: 9, MaxEdges: 9}
	if _, err := d.Traverse(t.Context(), store.Unrestricted(), walk); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("Traverse while the server is gone: %v", err)
	}
	proxy.mend()
	graph, err := d.Traverse(t.Context(), store.Unrestricted(), walk)
	if err != nil || len(graph.Nodes) != 2 {
		t.Fatalf("Traverse: %+v, %v", graph, err)
	}
}
