package storetest

import "kritisgraph/internal/store"

// Schema is the vocabulary of the suite: small, but with every feature that a schema has.
func Schema() store.Schema {
	validity := []store.PropDef{{Name: store.ValidFrom, Kind: store.StringKind}, {Name: store.ValidUntil, Kind: store.StringKind}}
	return store.Schema{
		Version: 1,
		Labels: []store.LabelDef{
			{Label: "Land", Props: append([]store.PropDef{
				{Name: "code", Kind: store.StringKind, Required: true, Unique: true, Sort: true, Key: true},
				{Name: "name", Kind: store.StringKind, Required: true, Sort: true, Title: true},
				{Name: "population", Kind: store.IntKind, Required: true, Sort: true, Index: true},
				{Name: "city", Kind: store.BoolKind, Index: true},
				{Name: "tags", Kind: store.StringsKind, Text: true},
			}, validity...)},
			{Label: "Body", Props: append([]store.PropDef{
				{Name: "slug", Kind: store.StringKind, Required: true, Unique: true, Sort: true, Key: true},
				{Name: "name", Kind: store.StringKind, Required: true, Sort: true, Title: true},
				{Name: "aliases", Kind: store.StringsKind, Title: true},
				{Name: "kind", Kind: store.StringKind, Index: true},
				{Name: "note", Kind: store.StringKind, Text: true},
			}, validity...)},
			{Label: "Contact", Props: append([]store.PropDef{
				{Name: "role", Kind: store.StringKind, Required: true, Sort: true, Index: true},
				{Name: "rank", Kind: store.IntKind},
				{Name: "number", Kind: store.IntKind, Unique: true},
			}, validity...)},
			{Label: "Memo", Props: []store.PropDef{
				{Name: "text", Kind: store.StringKind, Text: true},
				{Name: "list", Kind: store.StringsKind},
				{Name: "flag", Kind: store.BoolKind},
				{Name: "size", Kind: store.IntKind},
			}},
		},
		Edges: []store.EdgeDef{
			{Type: "HOLDS", From: []store.Label{"Body"}, To: []store.Label{"Contact"}, Owns: true, Props: validity},
			{Type: "PART_OF", From: []store.Label{"Body", "Contact"}, To: []store.Label{"Body", "Contact"}, Owns: true},
			{Type: "SERVES", From: []store.Label{"Body", "Contact"}, To: []store.Label{"Land"}, Props: append([]store.PropDef{
				{Name: "strength", Kind: store.IntKind, Index: true}, {Name: "role", Kind: store.StringKind},
			}, validity...)},
			{Type: "NEXT_TO", From: []store.Label{"Land"}, To: []store.Label{"Land"}},
			{Type: "ABOUT", From: []store.Label{"Memo"}, To: []store.Label{"Land", "Body", "Contact", "Memo"}},
		},
	}
}

// labels are all labels of the schema.
func labels() []store.Label { return []store.Label{"Land", "Body", "Contact", "Memo"} }
