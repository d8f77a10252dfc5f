package responsibility

import "slices"

// Subjects of rows across sectors; for the second the condition decides, so both name every leaf.
const (
	acrossAll      = "all"
	acrossMaritime = "maritime-infrastructure"
)

// leaf is a subject that is not divided further: its service and branch, either may be missing, and its sector.
type leaf struct {
	index   int
	service *Service
	branch  *Branch
	sector  *Sector
}

// is says whether a slug is the leaf's service, branch or sector.
func (l *leaf) is(slug string) bool {
	return (l.service != nil && l.service.Slug == slug) || (l.branch != nil && l.branch.Slug == slug) || l.sector.Slug == slug
}

// named says whether the subject of a competence is the leaf or one of its parents.
func (l *leaf) named(c *Competence) bool {
	switch c.Kind {
	case CrossSector:
		return true
	case SectorWide:
		return l.sector.Slug == c.Subject
	case BranchWide:
		return l.branch != nil && l.branch.Slug == c.Subject
	default:
		return l.service != nil && l.service.Slug == c.Subject
	}
}

// takenOut says whether not_for of a competence names the leaf or one of its parents.
func (l *leaf) takenOut(c *Competence) bool { return slices.ContainsFunc(c.NotFor, l.is) }

// growLeaves divides the taxonomy: a branch means each service that names it, or itself; a sector the leaves of its
// branches, or itself; a service without a branch itself in each branch of its sector.
func (rb *Rulebook) growLeaves() {
	rb.ofService, rb.ofBranch, rb.ofSector = map[string][]int{}, map[string][]int{}, map[string][]int{}
	for i := range rb.branches {
		rb.growBranch(&rb.branches[i])
	}
	for i := range rb.sectors {
		s := &rb.sectors[i]
		if rb.ofSector[s.Slug] == nil {
			rb.ofSector[s.Slug] = []int{rb.grow(leaf{sector: s})}
		}
	}
	for i := range rb.services {
		if s := &rb.services[i]; s.Branch == "" {
			rb.growSpanning(s)
		}
	}
}

func (rb *Rulebook) grow(l leaf) int {
	l.index = len(rb.leaves)
	rb.leaves = append(rb.leaves, l)
	return l.index
}

func (rb *Rulebook) growBranch(b *Branch) {
	sector := &rb.sectors[rb.sectorBySlug[b.Sector]]
	var parts []int
	for i := range rb.services {
		if s := &rb.services[i]; s.Branch == b.Slug {
			l := rb.grow(leaf{service: s, branch: b, sector: sector})
			rb.ofService[s.Slug] = []int{l}
			parts = append(parts, l)
		}
	}
	if parts == nil {
		parts = []int{rb.grow(leaf{branch: b, sector: sector})}
	}
	rb.ofBranch[b.Slug] = parts
	rb.ofSector[b.Sector] = append(rb.ofSector[b.Sector], parts...)
}

// growSpanning divides a service that names no branch.
func (rb *Rulebook) growSpanning(s *Service) {
	sector := &rb.sectors[rb.sectorBySlug[s.Sector]]
	for i := range rb.branches {
		if b := &rb.branches[i]; b.Sector == s.Sector {
			l := rb.grow(leaf{service: s, branch: b, sector: sector})
			rb.ofService[narrowed(s.Slug, b.Slug)] = []int{l}
			rb.ofService[s.Slug] = append(rb.ofService[s.Slug], l)
		}
	}
	if rb.ofService[s.Slug] == nil {
		rb.ofService[s.Slug] = []int{rb.grow(leaf{service: s, sector: sector})}
	}
}

func narrowed(service, branch string) string { return service + "/" + branch }
