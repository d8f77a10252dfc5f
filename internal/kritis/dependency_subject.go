package kritis

// DependencySubjectInput is exactly one of the slug of a branch or service and the global id of a facility or operator.
type DependencySubjectInput struct {
	Branch   *string
	Service  *string
	Facility *string
	Operator *string
}
