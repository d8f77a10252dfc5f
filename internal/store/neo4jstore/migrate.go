package neo4jstore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"kritisgraph/internal/store"
)

// Identity tells who the store is; it also answers while the store is being loaded.
func (d *Driver) Identity(ctx context.Context) (store.Identity, error) {
	state, err := d.state(ctx)
	return state.Identity, err
}

// state is what the counter node says of the store.
type state struct {
	store.Identity
	words   string
	derived int // the version of the schema that derived data fits
}

func (d *Driver) state(ctx context.Context) (state, error) {
	values, err := d.ask(ctx, stmtIdentity, nil)
	if err != nil {
		return state{}, err
	}
	name, _ := values[0].(string)
	text, _ := values[1].(string)
	version, _ := values[2].(int64)
	loading, _ := values[3].(bool)
	words, _ := values[4].(string)
	derived, _ := values[5].(int64)
	key, err := hex.DecodeString(text)
	if err != nil || name == "" || len(key) != 32 {
		return state{}, fmt.Errorf("%w: the counter node of the database is damaged", store.ErrNoStore)
	}
	identity := store.Identity{Store: name, Key: key, Schema: int(version), Loading: loading}
	return state{Identity: identity, words: words, derived: int(derived)}, nil
}

// Migrate creates the constraints and indexes that are missing, waits until they are filled, and makes the counter
// node, which is what makes the database a store. Where the schema changed, derived data is made anew.
func (d *Driver) Migrate(ctx context.Context, schema store.Schema) error {
	now, err := d.state(ctx)
	if err != nil && !errors.Is(err, store.ErrNoStore) {
		return err
	}
	if now.Schema > schema.Version {
		return fmt.Errorf("%w: %d, newer than %d", store.ErrSchema, now.Schema, schema.Version)
	}
	text, err := json.Marshal(schema)
	if err != nil {
		return fmt.Errorf("writing the schema: %w", err)
	}
	if now.words == string(text) && now.derived == schema.Version {
		d.words.Store(newVocabulary(schema))
		return nil
	}
	if err := d.makeRules(ctx, schema); err != nil {
		return err
	}
	return d.makeStore(ctx, schema, string(text))
}

// makeRules creates what constraints and indexes the database lacks.
func (d *Driver) makeRules(ctx context.Context, schema store.Schema) error {
	values, err := d.ask(ctx, stmtRules, nil)
	if err != nil {
		return err
	}
	names, err := decodeStrings(values[0])
	if err != nil {
		return err
	}
	wanted := rules(schema)
	for _, name := range names {
		if slices.ContainsFunc(wanted, func(r rule) bool { return r.name == name }) {
			continue
		}
		if err := d.dropRule(ctx, name); err != nil {
			return err
		}
	}
	for _, rule := range wanted {
		if slices.Contains(names, rule.name) {
			continue
		}
		if err := d.alter(ctx, rule.statement); err != nil {
			return fmt.Errorf("creating %s: %w", rule.name, err)
		}
	}
	return d.alter(ctx, stmtAwait)
}

// dropRule drops a rule of an older schema, which may stand in the way of the one that takes its place; rules of others
// stay.
func (d *Driver) dropRule(ctx context.Context, name string) error {
	switch {
	case strings.HasPrefix(name, uniquePrefix):
		return d.alter(ctx, stmtDropUnique(name))
	case strings.HasPrefix(name, indexPrefix), strings.HasPrefix(name, sortPrefix):
		return d.alter(ctx, stmtDropIndex(name))
	}
	return nil
}

// alter runs a statement in a transaction of its own, as schema statements need it. Another process may do the same.
func (d *Driver) alter(ctx context.Context, statement string) error {
	err := repeatedly(ctx, func() error {
		s := d.session(ctx, neo4j.AccessModeWrite)
		result, err := s.Run(ctx, statement, nil)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		return errors.Join(err, s.Close(ctx))
	})
	if hasCode(err, codeSameRule) {
		return nil
	}
	return failed(ctx, err)
}

func (d *Driver) makeStore(ctx context.Context, schema store.Schema, words string) error {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	p := params{"store": rand.Text(), "key": hex.EncodeToString(key), "version": int64(schema.Version), "words": words}
	if err := d.lockWriting(ctx); err != nil {
		return err
	}
	defer d.unlockWriting()
	err := d.write(ctx, func(w writer) error {
		version, err := w.number(stmtMakeCounter, p)
		if err == nil && version > int64(schema.Version) {
			err = fmt.Errorf("%w: %d, newer than %d", store.ErrSchema, version, schema.Version)
		}
		return err
	})
	if err != nil {
		return err
	}
	now, err := d.state(ctx)
	if err != nil {
		return err
	}
	if now.words != words {
		if err := d.write(ctx, func(w writer) error { return w.do(stmtRaiseCounter, p) }); err != nil {
			return err
		}
		now.derived = 0
	}
	d.words.Store(newVocabulary(schema))
	if now.derived != schema.Version {
		return d.derive(ctx, schema.Version)
	}
	return nil
}

// rule is a constraint or an index; its name says what it is for, so that two schemas agree on it.
type rule struct{ name, statement string }

// The beginnings of the names of rules that another schema may do without.
const (
	uniquePrefix = "_unique."
	indexPrefix  = "_index."
	sortPrefix   = "_sort."
)

// rules returns the constraints and indexes of a schema.
func rules(schema store.Schema) []rule {
	list := []rule{
		{textIndex, stmtIndexText},
		{"_counter", stmtUniqueNode("_counter", "_Counter", "id")},
		{"_node", stmtUniqueNode("_node", "_Node", "id")},
		{"_commit", stmtUniqueNode("_commit", "_Commit", "seq")},
		{"_once", stmtUniqueNode("_once", "_Commit", "once")},
		{"_row", stmtIndexNode("_row", "_Row", "seq", "pos")},
		{"_row_of", stmtIndexNode("_row_of", "_Row", "of", "seq")},
		{"_row_label", stmtIndexNode("_row_label", "_Row", "label", "seq")},
		{"_event", stmtIndexNode("_event", "_Event", "seq", "pos")},
		{"_event_type", stmtIndexNode("_event_type", "_Event", "type", "seq")},
	}
	for _, l := range schema.Labels {
		for _, p := range l.Props {
			list = append(list, propRules(string(l.Label), p)...)
		}
	}
	for _, e := range schema.Edges {
		name := string(e.Type)
		list = append(list, rule{"_id." + name, stmtUniqueEdge("_id."+name, name)})
		for _, p := range e.Props {
			if p.Index {
				index := indexPrefix + name + "." + p.Name
				list = append(list, rule{index, stmtIndexEdge(index, name, p.Name)})
			}
		}
	}
	return list
}

func propRules(label string, p store.PropDef) []rule {
	var list []rule
	of := label + "." + p.Name
	unique, index, sort := uniquePrefix+of, indexPrefix+of, sortPrefix+of
	switch {
	case p.Unique:
		list = append(list, rule{unique, stmtUniqueNode(unique, label, p.Name)})
	case p.Index:
		list = append(list, rule{index, stmtIndexNode(index, label, p.Name)})
	}
	if p.Sort {
		sorted := p.Name
		if p.Kind == store.StringKind {
			sorted = briefCopy(p.Name)
		}
		list = append(list, rule{sort, stmtIndexNode(sort, label, sorted, "id")})
	}
	return list
}
