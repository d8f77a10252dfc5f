package sqlitestore

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/store"
)

// view is one read: a transaction on a connection, the scope that it is for, and what is needed to build statements.
type view struct {
	*vocabulary
	ctx   context.Context
	c     *conn
	all   bool // the scope sees everything
	bits  []byte
	known []store.Visibility
	alien string // a name asked for that the schema does not have
}

// name returns a label, an edge type or a property as it may stand in a statement. One that the schema does not have makes
// every statement of the view fail.
func (v *view) name(n string) string {
	if !v.names[n] {
		v.alien = cmp.Or(n, "(empty)")
	}
	return n
}

// read runs f in a transaction of its own. Before the first Migrate it is ErrNoStore, during a Load ErrLoading.
func (d *Driver) read(ctx context.Context, op string, scope store.Scope, f func(*view) error) error {
	c, err := d.readers.take(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer d.readers.put(c)
	err = c.within(ctx, "BEGIN", func() error {
		words, err := d.vocabulary(ctx, c)
		if err != nil {
			return err
		}
		v := &view{vocabulary: words, ctx: ctx, c: c, all: scope.All()}
		if err := d.look(v); err != nil {
			return err
		}
		if !v.all {
			v.bits = d.visible.bits(scope)
		}
		return f(v)
	})
	return failure(op, err)
}

// look takes note of the state of the store: whether it is being loaded, and its visibilities.
func (d *Driver) look(v *view) error {
	var loading, last int64
	err := v.c.query(v.ctx, "SELECT (SELECT value FROM meta WHERE name = 'loading'), (SELECT max(v) FROM vis)", nil, func(row []driver.Value) error {
		loading, last = number(row[0]), number(row[1])
		return nil
	})
	switch {
	case err != nil:
		return err
	case loading != 0:
		return store.ErrLoading
	}
	err = d.visible.load(v.ctx, v.c, last)
	v.known = d.visible.all()
	return err
}

// Identity tells who the store is.
func (d *Driver) Identity(ctx context.Context) (store.Identity, error) {
	c, err := d.readers.take(ctx)
	if err != nil {
		return store.Identity{}, err
	}
	defer d.readers.put(c)
	if _, err := d.vocabulary(ctx, c); err != nil {
		return store.Identity{}, err
	}
	id, err := readIdentity(ctx, c)
	return id, failure("reading the identity", err)
}

// Head returns the newest mark in the file. A commit of another process is there as soon as that returned it, so waiting
// only helps where the caller is ahead of a restore.
func (d *Driver) Head(ctx context.Context, atLeast store.Mark) (store.Mark, error) {
	deadline, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var head store.Mark
		err := d.read(ctx, "reading the head", store.Scope{}, func(v *view) (err error) {
			head.Seq, err = lastSeq(v.ctx, v.c)
			return err
		})
		if err != nil || head.Seq >= atLeast.Seq {
			return head, err
		}
		select {
		case <-deadline.Done():
			if ctx.Err() != nil {
				return store.Mark{}, ctx.Err()
			}
			return store.Mark{}, fmt.Errorf("%w: sequence %d was not reached", store.ErrUnavailable, atLeast.Seq)
		case <-tick.C:
		}
	}
}

func lastSeq(ctx context.Context, c *conn) (seq store.Seq, err error) {
	err = c.query(ctx, "SELECT max(seq) FROM log", nil, func(row []driver.Value) error {
		seq = store.Seq(number(row[0]))
		return nil
	})
	return seq, err
}

// Nodes returns those of ids that show, once each, in the order asked.
func (d *Driver) Nodes(ctx context.Context, scope store.Scope, ids []store.ID) (nodes []store.Node, err error) {
	err = d.read(ctx, "reading nodes", scope, func(v *view) error {
		s := v.statement()
		s.add("SELECT ", nodeColumns("n"), " FROM json_each(", s.param(encodeTexts(distinct(ids))), ") j CROSS JOIN node n ON n.id = j.value WHERE ",
			v.shown("n"), " ORDER BY j.key")
		return v.rows(s, func(row []driver.Value) error {
			n, err := v.node(row, nil)
			nodes = append(nodes, n)
			return err
		})
	})
	return nodes, err
}

func distinct(ids []store.ID) []store.ID {
	seen := make(map[store.ID]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id store.ID) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}

// nodeWidth is the number of columns that nodeColumns selects and node reads.
const nodeWidth = 5

func nodeColumns(alias string) string {
	return fmt.Sprintf("%[1]s.id, %[1]s.version, %[1]s.own, %[1]s.vis, %[1]s.props", alias)
}

// node reads a node from the columns of nodeColumns; of its properties those named, nil for all.
func (v *view) node(row []driver.Value, names []string) (store.Node, error) {
	n := store.Node{ID: store.ID(text(row[0])), Version: number(row[1])}
	var err error
	if n.Own, err = v.visibility(number(row[2])); err != nil {
		return n, err
	}
	if n.Settled, err = v.visibility(number(row[3])); err != nil {
		return n, err
	}
	n.Props, err = decodeProps(bytes(row[4]), names)
	return n, err
}

// visibility returns a copy of the visibility with this key.
func (v *view) visibility(key int64) (store.Visibility, error) {
	if key < 1 || key > int64(len(v.known)) {
		return store.Visibility{}, fmt.Errorf("the store file is damaged: there is no visibility %d", key)
	}
	found := v.known[key-1]
	found.Audiences = slices.Clone(found.Audiences)
	return found, nil
}

// statement is SQL under construction with its parameters, of which the first is what the scope sees.
type statement struct {
	text strings.Builder
	args []any
}

func (v *view) statement() *statement {
	return &statement{args: []any{v.bits}}
}

func (s *statement) add(parts ...string) {
	for _, p := range parts {
		s.text.WriteString(p)
	}
}

// param adds a parameter and returns its name in the text.
func (s *statement) param(value any) string {
	s.args = append(s.args, value)
	return "?" + strconv.Itoa(len(s.args))
}

func (v *view) rows(s *statement, f func([]driver.Value) error) error {
	if v.alien != "" {
		return fmt.Errorf("%w: the schema has no name %q", store.ErrInvalid, v.alien)
	}
	return v.c.query(v.ctx, s.text.String(), s.args, f)
}

// shown is the condition that the node with this alias shows.
func (v *view) shown(alias string) string {
	if v.all {
		return "TRUE"
	}
	return shows(alias + ".vis")
}

// validOn is the condition that the node or edge with this alias holds on the day; an empty day is not judged.
func validOn(s *statement, alias string, day store.Day) string {
	if day == "" {
		return "TRUE"
	}
	p := s.param(string(day))
	return fmt.Sprintf("(%[1]s.valid_from IS NULL OR %[1]s.valid_from <= %[2]s) AND (%[1]s.valid_until IS NULL OR %[2]s < %[1]s.valid_until)", alias, p)
}
