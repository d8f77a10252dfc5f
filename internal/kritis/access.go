package kritis

import (
	"strings"

	"kritisgraph/internal/store"
)

// Audiences: who a node is for. Only this package gives them meaning.
const (
	// AudiencePublic is everybody, signed in or not.
	AudiencePublic = "public"
	// AudienceSituationCentre is the situation centre of the BSI, which sees what has no Land too.
	AudienceSituationCentre = "body:bsi-situation-centre"
	// AudienceBBK is the BBK, the other side of the joint reporting office, for what it receives itself: incidents that are not
	// of IT security alone (§ 18 KRITISDachG).
	AudienceBBK = "body:bbk"
	// AudienceAdministration is who runs this directory: administrators and the situation centre.
	AudienceAdministration = "administration"
)

// AudienceLand is the contact points and authorities of a Land.
func AudienceLand(code string) string { return "land:" + code }

// AudienceOperator is an operator itself.
func AudienceOperator(reference string) string { return "operator:" + reference }

// AudienceCaller is who asks for access under a name: see [AccessGrant].
func AudienceCaller(requester string) string { return "caller:" + requester }

func isCaller(audience string) bool { return strings.HasPrefix(audience, "caller:") }

// AudienceAccess is who was granted access to the one thing that has this audience.
func AudienceAccess(grant store.ID) string { return "access:" + grant.Key() }

// isAccess reports whether an audience is that of a grant.
func isAccess(audience string) bool { return strings.HasPrefix(audience, "access:") }

// AudienceRow is the supervisory authority of a competence: of the row itself, or of what it reaches in a Land where the row
// is one of a Land or of every Land.
func AudienceRow(competence, land string) string {
	if land == "" {
		return "row:" + competence
	}
	return "row:" + competence + "/" + land
}

// landOf returns the code of the Land that an audience is bound to, "" if it is bound to none.
func landOf(audience string) string {
	if code, ok := strings.CutPrefix(audience, "land:"); ok {
		return code
	}
	if row, ok := strings.CutPrefix(audience, "row:"); ok {
		_, code, _ := strings.Cut(row, "/")
		return code
	}
	return ""
}

// Public is the visibility of what everybody may see.
func Public() store.Visibility {
	return store.Visibility{TLP: store.TLPClear, Audiences: []string{AudiencePublic}}
}

// Maintenance is the sight of the process itself, for what reads and writes whole stores: renewing, checking, export,
// import. It is never given to a caller.
func Maintenance() store.Scope { return store.Unrestricted() }
