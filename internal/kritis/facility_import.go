package kritis

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kritisgraph/internal/kritis/sheet"
	"kritisgraph/internal/store"
)

// FacilityImportInput is a spreadsheet of facilities of an operator, see [FacilityColumns].
type FacilityImportInput struct {
	ClientMutationID *string
	Operator         string
	Csv              string
	DryRun           bool
	Statement
	Reason *string
}

// ImportFacilities creates and changes facilities of an operator as the rows of a spreadsheet say, all in one commit or none. What a
// row does not say stays, and no facility goes. A row that says what is so already changes nothing, wherever it was seen.
func (v *View) ImportFacilities(ctx context.Context, in FacilityImportInput) (*ImportPayload, error) {
	m := mutation{name: "facilityImport", key: in.ClientMutationID, input: in, reason: in.Reason, dryRun: in.DryRun}
	p := &ImportPayload{}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (d draft, err error) {
		p, d, err = v.facilitiesDraft(ctx, in)
		return d, err
	})
	if err != nil {
		return nil, err
	}
	p = p.payload(out)
	if out.token == nil {
		return p, nil
	}
	// The rows and the result say it all, also where this happened before and nobody built the change again.
	rows, _ := sheet.Read([]byte(in.Csv), FacilityColumns())
	for _, row := range rows {
		if row.Text(columnReference) == nil {
			made := out.result[len(p.References)]
			p.References = append(p.References, &ImportedReference{Line: int32(row.Line), Reference: made.Key()}) //nolint:gosec // at most as many as bytes
		}
	}
	p.Created, p.Changed, p.Unchanged = count(len(p.References)), count(len(out.result)-len(p.References)), count(len(rows)-len(out.result))
	return p, nil
}

// facilityImport is an import in the making.
type facilityImport struct {
	view      *View
	book      *Rulebook
	in        FacilityImportInput
	estate    *estate
	mine      map[string]*store.Node // facilities that the caller sees, by reference
	named     map[string]string      // their references by name
	created   []*sheet.Row           // in order
	changed   []*sheet.Row
	nodes     map[*sheet.Row]store.ID // of what was created or changed
	unchanged int
}

// facilitiesDraft is the change that the rows make, and what it tells of them.
func (v *View) facilitiesDraft(ctx context.Context, in FacilityImportInput) (*ImportPayload, draft, error) {
	none := &ImportPayload{}
	if errs := v.statementErrors(in.Statement); len(errs) > 0 {
		return none, refuse(errs...), nil
	}
	book, err := v.Rulebook(ctx)
	if err != nil {
		return none, draft{}, err
	}
	e, op, refused, err := v.editableEstate(ctx, in.Operator, nil, LabelOperator)
	if err != nil || refused != nil {
		return none, refuse(at(refused, "operator")), err
	}
	if refused := ended(*op, DayOf(v.now), "operator"); refused != nil {
		return none, refuse(refused), nil
	}
	rows, found := sheet.Read([]byte(in.Csv), FacilityColumns())
	im := newFacilityImport(v, book, in, e)
	doubled(rows, columnReference, "name the same facility", func(r *sheet.Row) string { return deref(r.Text(columnReference)) })
	doubled(rows, "name", "give a new facility the same name", func(r *sheet.Row) string {
		if r.Says(columnReference) {
			return ""
		}
		return deref(r.Text("name"))
	})
	for _, row := range rows {
		im.row(row)
	}
	d := draft{}
	if !found.Any() {
		if d, err = im.draft(ctx); err != nil {
			return none, d, err
		}
	}
	if found.Any() {
		return &ImportPayload{RowErrors: rowErrors(found)}, refusedRows(found), nil
	}
	if len(d.errors) > 0 {
		return none, d, nil
	}
	return &ImportPayload{Created: count(len(im.created)), Changed: count(len(im.changed)), Unchanged: count(im.unchanged)}, d, nil
}

func newFacilityImport(v *View, book *Rulebook, in FacilityImportInput, e *estate) *facilityImport {
	im := &facilityImport{view: v, book: book, in: in, estate: e, mine: map[string]*store.Node{}, named: map[string]string{}, nodes: map[*sheet.Row]store.ID{}}
	for _, f := range e.facilities {
		if v.principal.scope.Shows(f.Settled) {
			im.mine[f.ID.Key()] = f
			im.named[f.Prop("name").Text()] = f.ID.Key()
		}
	}
	return im
}

// row writes what a row says into the estate, or says what is wrong with it.
func (im *facilityImport) row(row *sheet.Row) {
	lasts(row, columnReference, "name", "tlp")
	reference := row.Text(columnReference)
	f, known := im.mine[deref(reference)]
	switch {
	case reference == nil:
		im.create(row)
	case !known:
		row.Bad(columnReference, "The operator has no facility %q, or it is not visible for you. Leave the cell empty to register a new one.", *reference)
	case !im.view.principal.mayEditRegistered(im.estate.operator.ID.Key(), f.Settled):
		row.Bad(columnReference, "You may not change this facility: its operator, its supervisory authorities, administrators and the situation centre may.")
	default:
		im.change(row, f)
	}
}

// create registers the facility of a row without a reference. One of the same name is probably the same.
func (im *facilityImport) create(row *sheet.Row) {
	name := row.Text("name")
	if name == nil && !row.Cleared("name") {
		row.Bad("name", "A new facility has a name. To change one that is there, give its reference.")
	}
	if reference, there := im.named[deref(name)]; there {
		row.Bad("name", "The operator has a facility with this name: give its reference, %s, or another name.", reference)
	}
	reference := newReference("fa-")
	f := store.Node{
		ID: store.NewID(string(LabelFacility), reference), Own: store.Visibility{TLP: store.TLPAmber},
		Props: map[string]store.Value{"reference": store.String(reference)},
	}
	im.write(row, &f, nil)
	im.estate.add(f)
	im.estate.grows = true
	im.created = append(im.created, row)
	im.nodes[row] = f.ID
}

// change writes a row into the facility that it names.
func (im *facilityImport) change(row *sheet.Row, f *store.Node) {
	had, supply := f.Clone(), im.estate.supply[f.ID]
	im.write(row, f, supply)
	if f.Own.TLP == had.Own.TLP && sameFacts(f.Props, had.Props) && slices.Equal(sortedSet(slices.Clone(supply)), im.estate.supply[f.ID]) {
		f.Props, im.estate.supply[f.ID] = had.Props, supply // what is so already keeps its evidence
		im.unchanged++
		return
	}
	im.changed = append(im.changed, row)
	im.nodes[row] = f.ID
}

// write writes what a row says into a facility.
func (im *facilityImport) write(row *sheet.Row, f *store.Node, supply []string) {
	had := object{*f}
	f.Props = maps.Clone(f.Props)
	in, tlp := facilityInput(row, had, supply, f.Version == 0), code[Tlp](row, "tlp")
	in.Statement = im.in.Statement
	change := im.view.edit(f.Props)
	im.estate.supply[f.ID] = change.facility(im.book, in, supply)
	change.marking(im.view.principal, &f.Own, tlp)
	tellErrors(row, change.errors, facilityPlaces)
}

// draft is the change of all rows, with all that follows from it. A row whose facility the caller would not see any more is told.
func (im *facilityImport) draft(ctx context.Context) (draft, error) {
	rows := slices.Concat(im.created, im.changed)
	if len(rows) == 0 {
		return draft{nothing: true}, nil
	}
	subjects := make([]store.ID, len(rows))
	for i, row := range rows {
		subjects[i] = im.nodes[row]
	}
	d, err := im.view.estateDraft(ctx, im.book, im.view.edit(nil), im.in.Statement, EventFacilityChanged, subjects, im.estate)
	if err != nil {
		return d, err
	}
	if len(d.errors) > 0 {
		for _, row := range rows {
			if refused := im.view.keepsSight(im.estate, im.nodes[row]); refused != nil {
				tellErrors(row, []*UserError{refused}, facilityPlaces)
			}
		}
		return d, nil
	}
	c := &changing{Change: d.Change, evidence: im.in.props()}
	for _, row := range im.created {
		c.link(EdgeOperates, im.estate.operator.ID, im.nodes[row], 0)
	}
	if im.size(c) > maxRowThings || c.Size() > store.MaxChange {
		return refuse(userError(UserBadInput, inputPath("csv"), "The rows change too much for one commit: split the file.")), nil
	}
	return draft{Change: c.Change}, nil
}

// maxRowThings is how many nodes and edges the rows of an import write at most. It leaves room in a commit for what follows from them and the
// caller need not see: incidents, and other facilities of the operator. So what is hidden decides nothing.
const maxRowThings = store.MaxChange - maxIncidents - store.MaxChange/4

// size is how much of a change are the facilities of the rows and their edges.
func (im *facilityImport) size(c *changing) int {
	mine := map[store.ID]bool{}
	for _, id := range im.nodes {
		mine[id] = true
	}
	n := len(mine) + len(c.Delete)
	for _, e := range c.Link {
		if mine[e.From] || mine[e.To] {
			n++
		}
	}
	return n
}

// facilityInput is what a row says of a facility, as the change of one is given.
func facilityInput(row *sheet.Row, had object, supply []string, fresh bool) FacilityChangeInput {
	in := FacilityChangeInput{Name: row.Text("name"), Classification: classificationOf(row, had, fresh), Site: siteOf(row, had, fresh)}
	in.Attributes = &SubjectAttributesInput{
		Ownership: code[Ownership](row, "ownership"), AdministrationLevel: code[AdministrationLevel](row, "administration_level"),
		EnergyRole: code[EnergyRole](row, "energy_role"), EntityClass: code[EntityClass](row, "entity_class"),
		PublicTelecom: row.Flag("public_telecom"), DoraEntity: row.Flag("dora_entity"), FederallySupervised: row.Flag("federally_supervised"),
		NuclearLicence: row.Flag("nuclear_licence"), EuMainEstablishmentInGermany: row.Flag("eu_main_establishment_in_germany"),
		PersonalDataBreach: row.Flag("personal_data_breach"), ExchangeOperator: row.Flag("exchange_operator"),
		WebsiteCertificates: row.Flag("website_certificates"), CriticalFacility: row.Flag("critical_facility"),
		StateLawItProvider: row.Flag("state_law_it_provider"),
	}
	in.SupplyArea = supplyAreaOf(row, had, supply)
	in.BackupPower, in.Recovery = row.Duration("backup_power"), row.Duration("recovery")
	for _, p := range facilityPlaces {
		if p.clears && row.Cleared(p.column) {
			in.Nulls = append(in.Nulls, p.field)
		}
	}
	return in
}

// classificationOf is what a row says a facility is; nil where it says nothing else than what is so. What is narrower stays unless it
// is cleared; what is wider follows anew from the narrowest that is given.
func classificationOf(row *sheet.Row, had object, fresh bool) *ClassificationInput {
	columns := []string{"category", "service", "branch", "sector"}
	is := []string{had.text("categoryCode"), had.text("serviceSlug"), had.text("branchSlug"), had.text("sectorSlug")}
	was, follows := slices.Clone(is), false
	for i, column := range columns {
		given := row.Text(column)
		switch {
		case given != nil:
			follows = follows || *given != was[i]
			is[i] = *given
		case row.Cleared(column), follows:
			is[i] = ""
		}
	}
	if !fresh && slices.Equal(is, was) {
		return nil
	}
	return &ClassificationInput{Category: optional(is[0]), Service: optional(is[1]), Branch: optional(is[2]), Sector: optional(is[3])}
}

// siteOf is the whole site of a facility after a row, nil where the row says nothing of it.
func siteOf(row *sheet.Row, had object, fresh bool) *SiteInput {
	if !fresh && !row.Says("federal_state", columnZone, "ars", "municipality", "longitude", "latitude") {
		return nil
	}
	state := kept(row, "federal_state", code[FederalStateCode](row, "federal_state"), (*FederalStateCode)(had.optional("siteCode")))
	outside := row.Flag(columnZone)
	switch {
	case outside != nil && *outside && !row.Says("federal_state"):
		state = nil
	case outside == nil && !fresh && had.text("siteCode") == "" && state == nil:
		outside = new(true)
	}
	key := row.Text("ars")
	if key != nil && !IsRegionalKey(*key) {
		row.Bad("ars", "%s", noRegionalKey(*key))
		key = nil
	}
	in := &SiteInput{
		FederalState: state, ExclusiveEconomicZone: outside, Ars: kept(row, "ars", key, had.optional("siteArs")),
		Municipality: kept(row, "municipality", row.Text("municipality"), had.optional("municipality")),
	}
	var longitude, latitude *float64
	if at := (&Site{facility: &Facility{registered{object: had}}}).Coordinates(); at != nil {
		longitude, latitude = &at.Longitude, &at.Latitude
	}
	longitude = kept(row, "longitude", row.Number("longitude"), longitude)
	latitude = kept(row, "latitude", row.Number("latitude"), latitude)
	switch {
	case longitude != nil && latitude != nil:
		in.Coordinates = &CoordinatesInput{*longitude, *latitude}
	case longitude != nil && row.Text("latitude") == nil:
		row.Bad("latitude", "Give the latitude too, or take both away.")
	case latitude != nil && row.Text("longitude") == nil:
		row.Bad("longitude", "Give the longitude too, or take both away.")
	}
	return in
}

func noRegionalKey(text string) string {
	return fmt.Sprintf("%.20q is no regional key: it has 2, 3, 5, 9 or 12 digits, a zero at the beginning too, like 09162. Format the column as text.", text)
}
