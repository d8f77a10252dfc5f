package sqlitestore

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"kritisgraph/internal/store"
)

// applicationID marks the file as one of kritisgraph; layout is the version of the tables below.
const (
	applicationID = 0x4b524954
	layout        = 1
)

// tables is the layout. Visibility columns refer to vis, whose rows are never changed or deleted; in log_row the second one
// is that of the far end of an edge. The row id of log_row and log_event is the sequence times rowsPerCommit plus a
// position. edge has no index on id by the ends alone: both indexes cover what a hop needs before it reads the edge.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value ANY) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS vis (v INTEGER PRIMARY KEY, tlp INTEGER NOT NULL, audiences TEXT NOT NULL)`,
	`CREATE UNIQUE INDEX IF NOT EXISTS vis_value ON vis (audiences, tlp)`,
	`CREATE TABLE IF NOT EXISTS node (n INTEGER PRIMARY KEY, id TEXT NOT NULL, label TEXT NOT NULL, version INTEGER NOT NULL,
		own INTEGER NOT NULL, vis INTEGER NOT NULL, valid_from TEXT, valid_until TEXT,
		title TEXT, names TEXT, keys TEXT, sort BLOB, props BLOB NOT NULL)`,
	`CREATE UNIQUE INDEX IF NOT EXISTS node_id ON node (id)`,
	`CREATE TABLE IF NOT EXISTS edge (e INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, src INTEGER NOT NULL,
		dst INTEGER NOT NULL, version INTEGER NOT NULL, valid_from TEXT, valid_until TEXT, props BLOB NOT NULL)`,
	`CREATE UNIQUE INDEX IF NOT EXISTS edge_id ON edge (id)`,
	`CREATE INDEX IF NOT EXISTS edge_src ON edge (src, type, dst)`,
	`CREATE INDEX IF NOT EXISTS edge_dst ON edge (dst, type, src)`,
	`CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY, vis INTEGER NOT NULL, vis2 INTEGER NOT NULL) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, prev BLOB NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL,
		actor TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL, request TEXT NOT NULL,
		digest TEXT NOT NULL, owner TEXT NOT NULL, once TEXT NOT NULL, conds TEXT, result TEXT)`,
	`CREATE TABLE IF NOT EXISTS once (owner TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL,
		PRIMARY KEY (owner, key)) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS log_row (r INTEGER PRIMARY KEY, op INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
		version INTEGER NOT NULL, vis INTEGER NOT NULL, vis2 INTEGER NOT NULL, own INTEGER, src TEXT, dst TEXT, props BLOB)`,
	`CREATE INDEX IF NOT EXISTS log_row_id ON log_row (id)`,
	`CREATE INDEX IF NOT EXISTS log_row_kind ON log_row (kind)`,
	`CREATE TABLE IF NOT EXISTS log_event (r INTEGER PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, props BLOB)`,
	`CREATE INDEX IF NOT EXISTS log_event_type ON log_event (type)`,
	`CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (tokens, content='', contentless_delete=1, detail=none,
		tokenize='ascii')`,
}

// checkFile refuses the file of another program or of a newer kritisgraph.
func checkFile(ctx context.Context, c *conn) error {
	var app, version, objects int64
	read := func(into *int64) func([]driver.Value) error {
		return func(row []driver.Value) error {
			*into = number(row[0])
			return nil
		}
	}
	for statement, into := range map[string]*int64{
		"PRAGMA application_id":              &app,
		"PRAGMA user_version":                &version,
		"SELECT count(*) FROM sqlite_master": &objects,
	} {
		if err := c.query(ctx, statement, nil, read(into)); err != nil {
			return failure("opening the store file", err)
		}
	}
	switch {
	case app == 0 && version == 0 && objects == 0:
		return nil
	case app != applicationID:
		return fmt.Errorf("%w: the store file belongs to another program: use another data directory", store.ErrUnavailable)
	case version != layout:
		return fmt.Errorf("%w: the store file has layout %d, this program reads %d", store.ErrSchema, version, layout)
	}
	return nil
}

// Migrate makes the tables, the identity and the indexes for the schema. After a change of the schema it derives anew what
// is kept beside each node.
func (d *Driver) Migrate(ctx context.Context, schema store.Schema) error {
	return d.write(ctx, "migrating the store", func(c *conn) error {
		if err := makeTables(ctx, c); err != nil {
			return err
		}
		id, err := readIdentity(ctx, c)
		if err != nil {
			return err
		}
		if schema.Version < id.Schema {
			return fmt.Errorf("%w: %d, this program has %d", store.ErrSchema, id.Schema, schema.Version)
		}
		if id.Store == "" {
			if err := makeIdentity(ctx, c); err != nil {
				return err
			}
		}
		if err := makeIndexes(ctx, c, schema); err != nil {
			return err
		}
		return keepSchema(ctx, c, schema)
	}, func() { d.words.Store(newVocabulary(schema)) })
}

func makeTables(ctx context.Context, c *conn) error {
	for _, statement := range slices.Concat(tables, []string{
		fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", layout),
	}) {
		if _, err := c.exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// keepSchema writes the schema into the file and, where it is another one than before, what follows from it.
func keepSchema(ctx context.Context, c *conn, schema store.Schema) error {
	body, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	known, err := readMeta(ctx, c, "schema")
	if err != nil {
		return err
	}
	if text(known) != string(body) {
		if err := rederive(ctx, c, schema); err != nil {
			return err
		}
	}
	if err := setMeta(ctx, c, "schema", string(body)); err != nil {
		return err
	}
	return setMeta(ctx, c, "version", int64(schema.Version))
}

func makeIdentity(ctx context.Context, c *conn) error {
	key, name := make([]byte, 32), make([]byte, 16)
	for _, b := range [][]byte{key, name} {
		if _, err := rand.Read(b); err != nil {
			return err
		}
	}
	if err := setMeta(ctx, c, "store", hex.EncodeToString(name)); err != nil {
		return err
	}
	return setMeta(ctx, c, "key", key)
}

func setMeta(ctx context.Context, c *conn, name string, value any) error {
	_, err := c.exec(ctx, "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}

func readMeta(ctx context.Context, c *conn, name string) (value driver.Value, err error) {
	err = c.query(ctx, "SELECT value FROM meta WHERE name = ?", []any{name}, func(row []driver.Value) error {
		value = row[0]
		return nil
	})
	return value, err
}

// setLoading marks that a load has begun, or wipes the mark; nothing else of an unfinished load is ever in the file.
func setLoading(ctx context.Context, c *conn, loading bool) error {
	value := int64(0)
	if loading {
		value = 1
	}
	return failure("marking a load", setMeta(ctx, c, "loading", value))
}

func readIdentity(ctx context.Context, c *conn) (store.Identity, error) {
	var id store.Identity
	err := c.query(ctx, "SELECT name, value FROM meta", nil, func(row []driver.Value) error {
		switch text(row[0]) {
		case "store":
			id.Store = text(row[1])
		case "key":
			id.Key = slices.Clone(bytes(row[1]))
		case "version":
			id.Schema = int(number(row[1]))
		case "loading":
			id.Loading = number(row[1]) != 0
		}
		return nil
	})
	return id, err
}

// makeIndexes makes an index for each label and for each of its properties that is unique, sorts or is filtered on, and
// drops those that are wanted no longer. Each holds the nodes of one label: an index that leads with the label would look
// selective to SQLite and be preferred to those that are.
func makeIndexes(ctx context.Context, c *conn, schema store.Schema) error {
	wanted := map[string]string{}
	for _, l := range schema.Labels {
		wanted[fmt.Sprintf("label_%s", l.Label)] = fmt.Sprintf("ON node (id, vis) WHERE label = '%s'", l.Label)
		for _, p := range l.Props {
			if (p.Unique || p.Index) && p.Kind != store.StringsKind {
				wanted[fmt.Sprintf("prop_%s_%s", l.Label, p.Name)] = fmt.Sprintf("ON node (%s, vis) WHERE label = '%s'", propExpr("", p.Name), l.Label)
			}
			if p.Sort {
				wanted[fmt.Sprintf("sort_%s_%s", l.Label, p.Name)] = fmt.Sprintf("ON node (%s, id, vis) WHERE label = '%s'", sortExpr("", p), l.Label)
			}
		}
	}
	var drop []string
	err := c.query(ctx, "SELECT name FROM sqlite_master WHERE type = 'index' AND (name GLOB 'label_*' OR name GLOB 'prop_*' OR name GLOB 'sort_*')", nil,
		func(row []driver.Value) error {
			if name := text(row[0]); wanted[name] == "" {
				drop = append(drop, name)
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, name := range drop {
		if _, err := c.exec(ctx, fmt.Sprintf("DROP INDEX %q", name)); err != nil {
			return err
		}
	}
	for name, on := range wanted {
		if _, err := c.exec(ctx, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q %s", name, on)); err != nil {
			return err
		}
	}
	return nil
}

// propExpr is the value of a property of the node or edge with this alias, NULL if it is absent.
func propExpr(alias, name string) string { return column(alias, "props") + " ->> '$." + name + "'" }

// sortExpr is the value by which a property sorts: the folded copy of text.
func sortExpr(alias string, p store.PropDef) string {
	if p.Kind == store.StringKind {
		return column(alias, "sort") + " ->> '$." + p.Name + "'"
	}
	return propExpr(alias, p.Name)
}

func column(alias, name string) string {
	if alias == "" {
		return name
	}
	return alias + "." + name
}

// rederive writes what Schema.Derive says of each node.
func rederive(ctx context.Context, c *conn, schema store.Schema) error {
	type row struct {
		key   int64
		id    store.ID
		props []byte
	}
	for after := int64(0); ; {
		var rows []row
		err := c.query(ctx, "SELECT n, id, props FROM node WHERE n > ? ORDER BY n LIMIT 1000", []any{after}, func(r []driver.Value) error {
			rows = append(rows, row{number(r[0]), store.ID(text(r[1])), slices.Clone(bytes(r[2]))})
			return nil
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			props, err := decodeProps(r.props, nil)
			if err != nil {
				return err
			}
			d := derive(&schema, store.Node{ID: r.id, Props: props})
			if _, err := c.exec(ctx, "UPDATE node SET title = ?, names = ?, keys = ?, sort = ? WHERE n = ?",
				d.title, d.names, d.keys, d.sort, r.key); err != nil {
				return err
			}
			if err := writeWords(ctx, c, r.key, d.tokens, true); err != nil {
				return err
			}
			after = r.key
		}
	}
}
