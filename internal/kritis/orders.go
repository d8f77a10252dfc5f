package kritis

import "kritisgraph/internal/store"

// OrderDirection is ASC or DESC.
type OrderDirection string

// The fields that lists sort by; their values are described in schema.graphqls.
type (
	// AuthorityOrderField is NAME or SLUG.
	AuthorityOrderField string
	// ContactPointOrderField is NAME or ROLE.
	ContactPointOrderField string
	// CompetenceOrderField is KEY.
	CompetenceOrderField string
	// OperatorOrderField is NAME or REFERENCE.
	OperatorOrderField string
	// FacilityOrderField is NAME or REFERENCE.
	FacilityOrderField string
	// IncidentOrderField is AWARE_AT or REFERENCE.
	IncidentOrderField string
)

// AuthorityOrder sorts authorities.
type AuthorityOrder struct {
	Field     AuthorityOrderField
	Direction OrderDirection
}

// ContactPointOrder sorts contact points.
type ContactPointOrder struct {
	Field     ContactPointOrderField
	Direction OrderDirection
}

// CompetenceOrder sorts competences.
type CompetenceOrder struct {
	Field     CompetenceOrderField
	Direction OrderDirection
}

// OperatorOrder sorts operators.
type OperatorOrder struct {
	Field     OperatorOrderField
	Direction OrderDirection
}

// FacilityOrder sorts facilities.
type FacilityOrder struct {
	Field     FacilityOrderField
	Direction OrderDirection
}

// IncidentOrder sorts incidents.
type IncidentOrder struct {
	Field     IncidentOrderField
	Direction OrderDirection
}

// order returns the order of the store by the property that stands for a field.
func order[F ~string](field F, direction OrderDirection, props map[F]string) []store.Order {
	return []store.Order{{Prop: props[field], Desc: direction == "DESC"}}
}

// Orders returns the order of the store; nil is the default of the list.
func (o *AuthorityOrder) Orders() []store.Order {
	if o == nil {
		return nil
	}
	return order(o.Field, o.Direction, map[AuthorityOrderField]string{"NAME": "nameDe", "SLUG": "slug"})
}

// Orders returns the order of the store; nil is the default of the list.
func (o *ContactPointOrder) Orders() []store.Order {
	if o == nil {
		return nil
	}
	return order(o.Field, o.Direction, map[ContactPointOrderField]string{"NAME": "nameDe", "ROLE": "role"})
}

// Orders returns the order of the store; nil is the default of the list.
func (o *CompetenceOrder) Orders() []store.Order {
	if o == nil {
		return nil
	}
	return order(o.Field, o.Direction, map[CompetenceOrderField]string{"KEY": "number"})
}

// Orders returns the order of the store; nil is the default of the list.
func (o *OperatorOrder) Orders() []store.Order {
	if o == nil {
		return nil
	}
	return order(o.Field, o.Direction, map[OperatorOrderField]string{"NAME": "name", "REFERENCE": "reference"})
}

// Orders returns the order of the store; nil is the default of the list.
func (o *FacilityOrder) Orders() []store.Order {
	if o == nil {
		return nil
	}
	return order(o.Field, o.Direction, map[FacilityOrderField]string{"NAME": "name", "REFERENCE": "reference"})
}

// Orders returns the order of the store; nil is the default of the list.
func (o *IncidentOrder) Orders() []store.Order {
	if o == nil {
		return nil
	}
	return order(o.Field, o.Direction, map[IncidentOrderField]string{"AWARE_AT": "awareAt", "REFERENCE": "reference"})
}
