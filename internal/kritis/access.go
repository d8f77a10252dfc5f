package kritis

import "kritisgraph/internal/store"

// Audiences: who a node is for. Only this package gives them meaning.
const (
	// AudiencePublic is everybody, signed in or not.
	AudiencePublic = "public"
	// AudienceSituationCentre is the situation centre of the BSI, which sees what has no Land too.
	AudienceSituationCentre = "body:bsi-situation-centre"
)

// AudienceLand is the contact points and authorities of a Land.
func AudienceLand(code string) string { return "land:" + code }

// AudienceOperator is an operator itself.
func AudienceOperator(reference string) string { return "operator:" + reference }

// Public is the visibility of what everybody may see.
func Public() store.Visibility {
	return store.Visibility{TLP: store.TLPClear, Audiences: []string{AudiencePublic}}
}

// Maintenance is the sight of the process itself, for what reads and writes whole stores: renewing, checking, export,
// import. It is never given to a caller.
func Maintenance() store.Scope { return store.Unrestricted() }
