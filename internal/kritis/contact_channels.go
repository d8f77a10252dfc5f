package kritis

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kritisgraph/internal/kritis/channel"
	"kritisgraph/internal/store"
)

// maxChannels is the greatest number of channels in one list.
const maxChannels = 50

// normalForm returns the value of a channel as it is compared: numbers as E.164, domains in small letters.
func normalForm(kind ChannelKind, value string) (string, error) {
	switch kind {
	case ChannelPhone:
		return channel.Phone(value)
	case ChannelEmail:
		return channel.Email(value)
	case ChannelWebsite:
		return channel.Website(value)
	case ChannelPostalAddress, ChannelPOBox:
		return channel.Address(value)
	}
	return "", errors.New("this kind of channel is not known")
}

// channelName is what makes a channel the same as another one of the contact point.
type channelName struct {
	kind  ChannelKind
	value string
}

func nameOfChannel(n store.Node) channelName {
	name := channelName{ChannelKind(n.Prop("kind").Text()), n.Prop("value").Text()}
	if normal, err := normalForm(name.kind, name.value); err == nil {
		name.value = normal
	}
	return name
}

// setChannels makes the channels that the caller sees those of the list: the same ones are changed, others end, new ones begin.
// What the caller does not see stays.
func (e *contactEntry) setChannels(ctx context.Context, d *store.Change, list []*ContactChannelInput, in evidenceInput) error {
	if len(list) > maxChannels {
		e.bad(inputPath("channels"), "A contact point has at most %d channels, not %d.", maxChannels, len(list))
		return nil
	}
	had, err := e.channels(ctx)
	if err != nil {
		return err
	}
	seen := map[channelName]bool{}
	for i, item := range list {
		c := channelEntry{contactEntry: e, in: item, path: inputPath("channels", strconv.Itoa(i))}
		if !c.read() {
			continue
		}
		if seen[c.name] {
			e.bad(c.at("value"), "This channel stands in the list before: name each one once.")
			continue
		}
		seen[c.name] = true
		old, known := had[c.name]
		if known {
			c.node, c.old = old.Clone(), &old
		} else {
			c.begin()
		}
		c.write(int64(i+1), in)
		switch {
		case !known:
			d.Put, d.If = append(d.Put, c.node), append(d.If, store.Cond{ID: c.node.ID})
			e.link(d, EdgeHasChannel, c.node.ID)
		case !old.SameContent(c.node):
			d.Put, d.If = append(d.Put, c.node), append(d.If, store.Cond{ID: old.ID, Version: old.Version})
		}
	}
	for name, old := range had {
		if seen[name] {
			continue
		}
		ended := old.Clone()
		end(ended, e.day)
		d.Put, d.If = append(d.Put, ended), append(d.If, store.Cond{ID: old.ID, Version: old.Version})
	}
	return nil
}

// channels are those of the contact point that the caller sees and that have not ended, by what they are; of two that are the same
// the preferred one.
func (e *contactEntry) channels(ctx context.Context) (map[channelName]store.Node, error) {
	notEnded := store.Filter{Any: []store.Filter{
		store.Where(store.ValidUntil, store.ABSENT), store.Where(store.ValidUntil, store.GT, store.String(string(e.day))),
	}}
	pages, err := e.view.reader.Neighbors(ctx, store.Hop{
		From: []store.ID{e.point.ID}, Edge: EdgeHasChannel, Dir: store.Out,
		Query: store.Query{Labels: []store.Label{LabelChannel}, Where: notEnded, Order: []store.Order{{Prop: "order"}}, Limit: store.MaxPage},
	})
	if err != nil {
		return nil, err
	}
	out := map[channelName]store.Node{}
	for _, hit := range pages[0].Hits {
		name := nameOfChannel(hit.Node)
		if _, twice := out[name]; twice {
			name.value += "\x00" + string(hit.Node.ID) // which no list names, so it ends
		}
		out[name] = hit.Node
	}
	return out, nil
}

// channelEntry writes one channel of a list.
type channelEntry struct {
	*contactEntry
	in   *ContactChannelInput
	path []string
	name channelName
	node store.Node
	old  *store.Node // nil: a new one
}

func (c *channelEntry) at(fields ...string) []string { return append(slices.Clone(c.path), fields...) }

// read reads the value, and reports whether it is one of its kind.
func (c *channelEntry) read() bool {
	value := strings.TrimSpace(c.in.Value)
	if channel.Placeholder(value) {
		c.bad(c.at("value"), "This looks like a placeholder: leave the channel out until it is known.")
		return false
	}
	normal, err := normalForm(c.in.Kind, value)
	if err != nil {
		c.bad(c.at("value"), "%s.", upperFirst(err.Error()))
		return false
	}
	domain := c.in.Kind == ChannelEmail || c.in.Kind == ChannelWebsite
	if c.view.app.real && domain && reserved(normal) {
		c.bad(c.at("value"), "Nobody can have this domain, it is for examples and tests: write the real one.")
		return false
	}
	c.name = channelName{c.in.Kind, normal}
	return true
}

// begin makes the channel one that holds from today on, or from the first day of its contact point.
func (c *channelEntry) begin() {
	from := max(string(c.day), c.point.Prop(store.ValidFrom).Text())
	c.node = store.Node{
		ID:    store.NewID(string(LabelChannel), newKey()),
		Props: map[string]store.Value{"kind": store.String(string(c.in.Kind)), store.ValidFrom: store.String(from)},
	}
}

func (c *channelEntry) write(order int64, said evidenceInput) {
	n := c.node
	n.Props["order"], n.Props["value"] = store.Int(order), store.String(c.name.value)
	delete(n.Props, "printed")
	if printed := strings.TrimSpace(c.in.Value); c.in.Kind == ChannelPhone && printed != c.name.value {
		n.Props["printed"] = store.String(printed)
	}
	purpose := ChannelGeneral
	if c.in.Purpose != nil {
		purpose = *c.in.Purpose
	}
	n.Props["purpose"] = store.String(string(purpose))
	label := deref(c.in.Label)
	c.setText(n, "label", &label, maxLabel, false, c.at("label"))
	c.setHours()
	c.setTLP()
	c.setKeys()
	switch {
	case c.old == nil:
		c.setEvidence(n, c.in.evidence().or(said).or(evidenceOfNode(c.point)), c.path)
	case !c.old.SameContent(c.node):
		c.setEvidence(n, c.in.evidence().or(said), c.path)
	default:
		c.setEvidence(n, c.in.evidence(), c.path)
	}
}

func evidenceOfNode(n store.Node) evidenceInput {
	e := evidenceOf(n.Props)
	return evidenceInput{&e.Source, &e.AsOf, &e.Confidence}
}

// setHours sets when the channel is answered.
func (c *channelEntry) setHours() {
	always := c.in.Always != nil && *c.in.Always
	switch {
	case always && len(c.in.Windows) > 0:
		c.bad(c.at("windows"), "A channel that is answered at all hours has no windows: leave them out, or always.")
	case always && c.in.Kind != ChannelPhone && c.in.Kind != ChannelEmail:
		c.bad(c.at("always"), "Only telephone and e-mail are answered at all hours.")
	case len(c.in.Windows) > maxWindow:
		c.bad(c.at("windows"), "A channel has at most %d windows, not %d.", maxWindow, len(c.in.Windows))
	}
	for i, text := range c.in.Windows {
		if _, err := channel.ParseWindow(text); err != nil {
			c.bad(c.at("windows", strconv.Itoa(i)), "%s.", upperFirst(err.Error()))
		}
	}
	c.node.Props["always"] = store.Bool(always)
	delete(c.node.Props, "windows")
	if len(c.in.Windows) > 0 {
		c.node.Props["windows"] = store.Strings(c.in.Windows...)
	}
}

// setTLP sets who may see the channel: never more than may see the contact point.
func (c *channelEntry) setTLP() {
	least := c.point.Own.TLP.Effective()
	tlp := least
	switch {
	case c.in.Tlp != nil:
		if tlp = tlpOf(*c.in.Tlp); tlp < least {
			c.bad(c.at("tlp"), "The contact point is %s, so its channels are at least that.", least)
		}
	case c.old != nil:
		tlp = max(least, c.old.Own.TLP.Effective())
	}
	if c.old != nil && !c.view.principal.mayMark(c.old.Own.TLP, tlp) {
		c.bad(c.at("tlp"), "%s", mayNotMark)
	}
	v := contactVisibility(tlp, c.point.Prop("landCodes").List())
	if !c.view.principal.scope.Shows(v) {
		c.bad(c.at("tlp"), "You would not see the channel yourself with this marking: take a lower one, or ask who sees more.")
	}
	if tlp <= store.TLPGreen {
		v.Audiences = nil // those of the contact point
	}
	c.node.Own = v
}

// setKeys sets with which keys one writes to an address in confidence.
func (c *channelEntry) setKeys() {
	read := map[string]func(string) (channel.Key, error){
		"pgp":   func(text string) (channel.Key, error) { return channel.PGP(text, c.view.now) },
		"smime": func(text string) (channel.Key, error) { return channel.SMIME(text, c.name.value, c.view.now) },
	}
	for _, kind := range []string{"pgp", "smime"} {
		text := c.in.Pgp
		if kind == "smime" {
			text = c.in.Smime
		}
		if text == nil {
			continue
		}
		for _, prop := range []string{"Key", "Fingerprint", "ExpiresAt"} {
			delete(c.node.Props, kind+prop)
		}
		if strings.TrimSpace(*text) == "" {
			continue
		}
		if c.in.Kind != ChannelEmail {
			c.bad(c.at(kind), "Only e-mail has keys.")
			continue
		}
		key, err := read[kind](*text)
		if err != nil {
			c.bad(c.at(kind), "%s.", upperFirst(err.Error()))
			continue
		}
		c.node.Props[kind+"Key"], c.node.Props[kind+"Fingerprint"] = store.String(key.Text), store.String(key.Fingerprint)
		if !key.Expires.IsZero() {
			c.node.Props[kind+"ExpiresAt"] = store.Int(key.Expires.UnixMicro())
		}
	}
}

// EncryptionKey is a public key or certificate for writing to an address in confidence.
type EncryptionKey struct {
	Fingerprint string
	ExpiresAt   *time.Time
	Expired     bool
	Key         string
}

// Pgp returns the OpenPGP key, nil where none is recorded.
func (c *ContactChannel) Pgp() *EncryptionKey { return c.key("pgp") }

// Smime returns the certificate, nil where none is recorded.
func (c *ContactChannel) Smime() *EncryptionKey { return c.key("smime") }

func (c *ContactChannel) key(kind string) *EncryptionKey {
	text := c.text(kind + "Key")
	if text == "" {
		return nil
	}
	k := &EncryptionKey{Fingerprint: c.text(kind + "Fingerprint"), ExpiresAt: c.instant(kind + "ExpiresAt"), Key: text}
	k.Expired = k.ExpiresAt != nil && c.now.After(*k.ExpiresAt)
	return k
}
