package kritis

import (
	"context"
	"slices"
	"time"

	"kritisgraph/internal/store"
)

// ClassificationInput says what a facility is; what is wider follows from what is narrower.
type ClassificationInput struct {
	Category *string
	Service  *string
	Branch   *string
	Sector   *string
}

// CoordinatesInput is a point on the map, in degrees.
type CoordinatesInput struct {
	Longitude float64
	Latitude  float64
}

// SiteInput says where a facility stands.
type SiteInput struct {
	FederalState          *FederalStateCode
	ExclusiveEconomicZone *bool
	Ars                   *string
	Municipality          *string
	Coordinates           *CoordinatesInput
}

// FacilityFields are what can be said of a facility; nil is nothing, unless it is null in a change.
type FacilityFields struct {
	SupplyArea  *SupplyAreaInput
	BackupPower *time.Duration
	Recovery    *time.Duration
	Attributes  *SubjectAttributesInput
	Tlp         *Tlp
}

// FacilityCreateInput registers a facility.
type FacilityCreateInput struct {
	ClientMutationID *string
	Operator         string
	Name             string
	Classification   ClassificationInput
	Site             SiteInput
	FacilityFields
	Statement
	Reason *string
}

// FacilityChangeInput changes a facility.
type FacilityChangeInput struct {
	Editing
	Operator       *string
	Name           *string
	Classification *ClassificationInput
	Site           *SiteInput
	FacilityFields
	Statement
}

// FacilityPayload is what became of a change of a facility.
type FacilityPayload struct {
	Facility         *Facility
	UserErrors       []*UserError
	ConsistencyToken *string
}

// CreateFacility registers a facility of an operator.
func (v *View) CreateFacility(ctx context.Context, in FacilityCreateInput) (*FacilityPayload, error) {
	m := mutation{name: "facilityCreate", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		e, op, refused, err := v.editableEstate(ctx, in.Operator, nil, LabelOperator)
		if err != nil || refused != nil {
			return refuse(at(refused, "operator")), err
		}
		if refused := ended(*op, DayOf(v.now), "operator"); refused != nil {
			return refuse(refused), nil
		}
		e.grows = true
		reference := newReference("fa-")
		f := e.add(store.Node{
			ID: store.NewID(string(LabelFacility), reference), Own: store.Visibility{TLP: store.TLPAmber},
			Props: map[string]store.Value{"reference": store.String(reference)},
		})
		change := v.edit(f.Props)
		e.supply[f.ID] = change.facility(book, FacilityChangeInput{
			Name: &in.Name, Classification: &in.Classification, Site: &in.Site, FacilityFields: in.FacilityFields, Statement: in.Statement,
		}, nil)
		change.marking(v.principal, &f.Own, in.Tlp)
		d, err := v.estateDraft(ctx, book, change, in.Statement, EventFacilityChanged, []store.ID{f.ID}, e)
		if err != nil || len(d.errors) > 0 {
			return d, err
		}
		c := &changing{Change: d.Change, evidence: in.props()}
		c.link(EdgeOperates, op.ID, f.ID, 0)
		return draft{Change: c.Change}, nil
	})
	return facilityPayload(ctx, out, err)
}

// at moves an error about the id of the input to another field of it.
func at(err *UserError, field string) *UserError {
	if err != nil {
		err.Path = inputPath(field)
	}
	return err
}

// ChangeFacility changes a facility.
func (v *View) ChangeFacility(ctx context.Context, in FacilityChangeInput) (*FacilityPayload, error) {
	m := mutation{name: "facilityChange", key: in.ClientMutationID, input: in, reason: in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		book, err := v.Rulebook(ctx)
		if err != nil {
			return draft{}, err
		}
		e, f, refused, err := v.editableEstate(ctx, in.ID, in.ExpectedVersion, LabelFacility)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		change := v.edit(f.Props)
		e.supply[f.ID] = change.facility(book, in, e.supply[f.ID])
		change.marking(v.principal, &f.Own, in.Tlp)
		if in.Operator == nil {
			return v.estateDraft(ctx, book, change, in.Statement, EventFacilityChanged, []store.ID{f.ID}, e)
		}
		return v.moveDraft(ctx, book, change, in, e, f)
	})
	return facilityPayload(ctx, out, err)
}

// moveDraft commits the change of a facility together with its move to another operator.
func (v *View) moveDraft(ctx context.Context, book *Rulebook, change *edit, in FacilityChangeInput, from *estate, f *store.Node) (draft, error) {
	if !v.principal.has(RoleAdministrator, RoleSituationCentre) || !v.principal.within(landsIn(f.Settled.Audiences)) {
		return refuse(userError(UserForbidden, inputPath("operator"), "You may not move a facility to another operator: administrators and the situation centre may.")), nil
	}
	to, op, refused, err := v.editableEstate(ctx, *in.Operator, nil, LabelOperator)
	if err != nil || refused != nil {
		return refuse(at(refused, "operator")), err
	}
	if op.ID == from.operator.ID {
		return v.estateDraft(ctx, book, change, in.Statement, EventFacilityChanged, []store.ID{f.ID}, from)
	}
	if refused := ended(*op, DayOf(v.now), "operator"); refused != nil {
		return refuse(refused), nil
	}
	var owns store.Edge
	for _, edge := range from.edges[from.operator.ID] {
		if edge.Type() == EdgeOperates && edge.To == f.ID {
			owns = edge
		}
	}
	from.facilities = slices.DeleteFunc(from.facilities, func(n *store.Node) bool { return n == f })
	to.facilities = append(to.facilities, f)
	from.grows, to.grows = true, true
	f.Own.Audiences = slices.DeleteFunc(f.Own.Audiences, isAccess) // which the old operator gave
	to.supply[f.ID], to.edges[f.ID], to.was[f.ID] = from.supply[f.ID], from.edges[f.ID], from.was[f.ID]
	d, err := v.estateDraft(ctx, book, change, in.Statement, EventFacilityChanged, []store.ID{f.ID}, to, from)
	if err != nil || len(d.errors) > 0 {
		return d, err
	}
	c := &changing{Change: d.Change, evidence: in.props()}
	c.unlink(owns)
	c.link(EdgeOperates, op.ID, f.ID, f.Version)
	return draft{Change: c.Change}, nil
}

// FacilityWithdrawInput ends the registration of a facility.
type FacilityWithdrawInput struct{ WithdrawInput }

// WithdrawFacility ends the registration of a facility.
func (v *View) WithdrawFacility(ctx context.Context, in FacilityWithdrawInput) (*FacilityPayload, error) {
	m := mutation{name: "facilityWithdraw", key: in.ClientMutationID, input: in, reason: &in.Reason}
	out, err := v.mutate(ctx, m, func(ctx context.Context, v *View) (draft, error) {
		e, f, refused, err := v.editableEstate(ctx, in.ID, in.ExpectedVersion, LabelFacility)
		if err != nil || refused != nil {
			return refuse(refused), err
		}
		change := v.edit(f.Props)
		change.end(in.ValidUntil)
		if refused := reasoned(in.Reason); refused != nil {
			change.errors = append(change.errors, refused)
		}
		return v.estateDraft(ctx, nil, change, Statement{}, EventFacilityChanged, []store.ID{f.ID}, e)
	})
	return facilityPayload(ctx, out, err)
}

func facilityPayload(ctx context.Context, out outcome, err error) (*FacilityPayload, error) {
	if err != nil {
		return nil, err
	}
	p := &FacilityPayload{UserErrors: append([]*UserError{}, out.errors...), ConsistencyToken: out.token}
	p.Facility, err = resultOf[*Facility](ctx, out)
	return p, err
}
