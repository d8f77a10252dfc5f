package kritis

import "kritisgraph/internal/kritis/sheet"

// dependencyPlaces are the places of a dependency, what is within another one first.
var dependencyPlaces = []place{
	{"provider", "provider", false}, {"dependent", "dependent", false}, {"need", "need", false}, {"strength", "strength", false},
	{"timeToImpact", "time_to_impact", false}, {"timeRange.to", "time_until", false}, {"timeRange", "time_from", false},
	{"substitute", "substitute", true}, {"rationale", "rationale", true},
	{"source", "source", false}, {"asOf", "as_of", false},
}

// DependencyColumns are the columns of a spreadsheet of dependencies. What they mean stands in docs/import.md.
func DependencyColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "provider", Required: true}, {Name: "dependent", Required: true},
		{Name: "kind", Values: []string{"PHYSICAL", "CYBER", "GEOGRAPHIC", "LOGICAL", "ORGANISATIONAL"}}, {Name: "strength"}, {Name: "time_to_impact"},
		{Name: "time_from"}, {Name: "time_until"}, {Name: "need"}, {Name: "substitute"}, {Name: "figures", Values: []string{"SOURCED", "ESTIMATED"}},
		{Name: "rationale"}, {Name: "source"}, {Name: "as_of"}, {Name: "confidence", Values: []string{"VERIFIED", "MEMORY", "UNVERIFIED"}},
	}
}

// dependencyInput is what a row says of a dependency, as the change of one is given. had is empty for a new one.
func dependencyInput(row *sheet.Row, had object, s Statement) *DependencyChangeInput {
	lasts(row, "provider", "dependent", "kind", "strength", "time_to_impact", "need", "figures", "source", "as_of", "confidence")
	in := &DependencyChangeInput{
		Kind: code[DependencyKind](row, "kind"), Strength: row.Number("strength"), TimeToImpact: row.Duration("time_to_impact"), Figures: code[Figures](row, "figures"),
	}
	in.Substitute, in.Rationale = row.Duration("substitute"), row.Text("rationale")
	for _, p := range dependencyPlaces {
		if p.clears && row.Cleared(p.column) {
			in.Nulls = append(in.Nulls, p.field)
		}
	}
	if row.Says("time_from", "time_until") {
		from := kept(row, "time_from", row.Duration("time_from"), had.length("timeFromSeconds"))
		until := kept(row, "time_until", row.Duration("time_until"), had.length("timeUntilSeconds"))
		switch {
		case from != nil && until != nil:
			in.TimeRange = &DurationRangeInput{*from, *until}
		case from != nil && row.Text("time_until") == nil:
			row.Bad("time_until", "Give the upper end of the time too, or take both ends away.")
		case until != nil && row.Text("time_from") == nil:
			row.Bad("time_from", "Give the lower end of the time too, or take both ends away.")
		case from == nil && until == nil:
			in.Nulls = append(in.Nulls, "timeRange")
		}
	}
	in.Statement = s
	if source := row.Text("source"); source != nil {
		in.Source = *source
	}
	if day := row.Day("as_of"); day != nil {
		in.AsOf = Day(*day)
	}
	if sure := code[Confidence](row, "confidence"); sure != nil {
		in.Confidence = *sure
	}
	return in
}

// needed tells what a new dependency lacks.
func needed(row *sheet.Row) {
	for _, column := range []string{"kind", "strength", "time_to_impact", "figures"} {
		if !row.Says(column) {
			row.Bad(column, "A new dependency needs this.")
		}
	}
}
