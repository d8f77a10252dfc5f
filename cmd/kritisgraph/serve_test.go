package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// TestAServerSettlesTheAudiencesOfAStore starts on a store whose competences were changed when no server ran.
func TestAServerSettlesTheAudiencesOfAStore(t *testing.T) {
	s := settings{store: storeSQLite, data: t.TempDir(), demo: "small", demoSeed: 1}
	opened, err := s.openToWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if err := opened.Load(t.Context(), opened.Sealed(firstData(s, now))); err != nil {
		t.Fatal(err)
	}
	rows, err := opened.Nodes(t.Context(), kritis.Maintenance(), []store.ID{"Competence/c025"})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	rows[0].Props[store.ValidUntil] = store.String(string(kritis.DayOf(now)))
	change := store.Change{Put: rows, If: []store.Cond{{ID: rows[0].ID, Version: rows[0].Version}}, Meta: store.Meta{Actor: "test", Action: "END"}}
	if _, err := opened.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if err := opened.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	server := exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0", "--data", s.data)
	server.Env = []string{"HOME=" + t.TempDir()}
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), `"settled the audiences"`) {
			if err := server.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := server.Wait(); err != nil || !strings.Contains(said.String(), `"settled the audiences"`) {
		t.Errorf("%v: %s", err, said.String())
	}
}
