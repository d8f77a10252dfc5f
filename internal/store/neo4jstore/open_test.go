//go:build neo4j

package neo4jstore

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"kritisgraph/internal/store"
	"kritisgraph/internal/store/storetest"
)

func TestOpenNamesTheSettingToChange(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"a wrong password":           {func(o *Options) { o.Password = "wrong-" + o.Password }, "--neo4j-password-file"},
		"an unknown user":            {func(o *Options) { o.User = "nobody" }, "--neo4j-user"},
		"no password":                {func(o *Options) { o.Password = "" }, "--neo4j-password-file"},
		"an unknown database":        {func(o *Options) { o.Database = "nowhere" }, "--neo4j-database"},
		"a host that does not exist": {func(o *Options) { o.URI = "bolt://nowhere.invalid:7687" }, "--store"},
		"a port that nobody serves":  {func(o *Options) { o.URI = "bolt://" + closed.Addr().String() }, "--store"},
		"a server that says nothing": {func(o *Options) { o.URI, o.Timeout = "bolt://"+silent.Addr().String(), time.Second }, "--store"},
		"an unknown scheme":          {func(o *Options) { o.URI = "ftp://127.0.0.1" }, "--store"},
		"no address":                 {func(o *Options) { o.URI = "sqlite" }, "--store"},
		"credentials in the address": {func(o *Options) { o.URI = "bolt://neo4j:" + o.Password + "@127.0.0.1" }, "--neo4j-password-file"},
	} {
		t.Run(name, func(t *testing.T) {
			o := server(t)
			password := o.Password
			c.change(&o)
			d, err := Open(t.Context(), o)
			if err == nil {
				d.Close(t.Context())
				t.Fatal("Open succeeded")
			}
			if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %q, want one that names %s", err, c.want)
			}
			if strings.Contains(err.Error(), password) {
				t.Error("the error shows the password")
			}
		})
	}
}

func TestDefaultsOfOptionsReachTheServer(t *testing.T) {
	o := server(t)
	openAs(t, Options{URI: o.URI, Password: o.Password})
	openAs(t, Options{URI: strings.Replace(o.URI, "bolt:", "neo4j:", 1), User: o.User, Password: o.Password, Database: o.Database})
}

func TestADriverThatWasClosedIsUnavailable(t *testing.T) {
	d := openServer(t)
	if err := d.Migrate(t.Context(), storetest.Schema()); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.List(t.Context(), store.Unrestricted(), store.Query{Labels: []store.Label{"Land"}, Limit: 1}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("List: %v", err)
	}
	if _, err := d.Commit(t.Context(), store.Change{}); !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknownOutcome) {
		t.Errorf("Commit: %v", err)
	}
}
