package kritis

// DependencySubject is something that depends on others or that others depend on: a branch, an operator or a facility.
type DependencySubject interface {
	Node
	IsDependencySubject()
}
