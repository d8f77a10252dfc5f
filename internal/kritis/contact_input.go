package kritis

// ContactPointCreateInput is a new contact point.
type ContactPointCreateInput struct {
	ClientMutationID *string
	Role             ContactPointRole
	Holder           string
	FederalStates    []FederalStateCode
	LegalAct         *string
	Provision        *string
	NameDe, NameEn   string
	Status           *ContactPointStatus
	Hours            *string
	Channels         []*ContactChannelInput
	Source           string
	AsOf             Day
	Confidence       Confidence
	Validity         *ValidityInput
	Tlp              Tlp
	Reason           *string
}

// ContactPointChangeInput is what becomes another at a contact point; what is nil stays.
type ContactPointChangeInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Holder           *string
	Provision        *string
	NameDe, NameEn   *string
	Status           *ContactPointStatus
	Hours            *string
	Channels         []*ContactChannelInput
	Source           *string
	AsOf             *Day
	Confidence       *Confidence
	Validity         *ValidityInput
	Tlp              *Tlp
	Reason           *string
}

// ContactPointWithdrawInput ends a contact point for good.
type ContactPointWithdrawInput struct {
	ClientMutationID *string
	ID               string
	ExpectedVersion  *int32
	Until            *Day
	Reason           string
}

// ContactChannelInput is a whole channel. Tlp, keys and evidence that are nil stay where there is a channel of this kind and value.
type ContactChannelInput struct {
	Kind       ChannelKind
	Value      string
	Purpose    *ChannelPurpose
	Label      *string
	Always     *bool
	Windows    []string
	Tlp        *Tlp
	Pgp, Smime *string
	Source     *string
	AsOf       *Day
	Confidence *Confidence
}

// ValidityInput is a span of days, from the first to the one before Until; nil bounds are open.
type ValidityInput struct {
	From  *Day
	Until *Day
}

// evidenceInput is where a statement was seen, as far as it is said.
type evidenceInput struct {
	source     *string
	asOf       *Day
	confidence *Confidence
}

// or fills what is not said.
func (in evidenceInput) or(other evidenceInput) evidenceInput {
	if in.source == nil {
		in.source = other.source
	}
	if in.asOf == nil {
		in.asOf = other.asOf
	}
	if in.confidence == nil {
		in.confidence = other.confidence
	}
	return in
}

func (in *ContactChannelInput) evidence() evidenceInput {
	return evidenceInput{in.Source, in.AsOf, in.Confidence}
}

func (in *ContactPointChangeInput) evidence() evidenceInput {
	return evidenceInput{in.Source, in.AsOf, in.Confidence}
}

// asChange is what a new contact point says of itself beside its role, Länder and act.
func (in *ContactPointCreateInput) asChange() *ContactPointChangeInput {
	return &ContactPointChangeInput{
		Holder: &in.Holder, Provision: in.Provision, NameDe: &in.NameDe, NameEn: &in.NameEn, Status: in.Status, Hours: in.Hours,
		Channels: in.Channels, Source: &in.Source, AsOf: &in.AsOf, Confidence: &in.Confidence, Validity: in.Validity, Tlp: &in.Tlp,
	}
}
