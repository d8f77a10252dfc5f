package graph

import (
	"context"
	"fmt"

	"kritisgraph/internal/kritis"
)

// maxCSV is how many bytes of a spreadsheet a request may carry: as JSON, with a document, they fit the limit of a body.
const maxCSV = 192 << 10

func (mutation) FacilityImport(ctx context.Context, input kritis.FacilityImportInput) (*kritis.ImportPayload, error) {
	if p := tooLarge(input.Csv); p != nil {
		return p, nil
	}
	return kritis.ViewFrom(ctx).ImportFacilities(ctx, input)
}

func (mutation) DependencyImport(ctx context.Context, input kritis.DependencyImportInput) (*kritis.ImportPayload, error) {
	if p := tooLarge(input.Csv); p != nil {
		return p, nil
	}
	return kritis.ViewFrom(ctx).ImportDependencies(ctx, input)
}

// tooLarge refuses a spreadsheet that is larger than a request carries, nil where it is not.
func tooLarge(csv string) *kritis.ImportPayload {
	if len(csv) <= maxCSV {
		return nil
	}
	return &kritis.ImportPayload{
		References: []*kritis.ImportedReference{}, RowErrors: []*kritis.RowError{},
		UserErrors: []*kritis.UserError{{
			Code: kritis.UserBadInput, Path: []string{"input", "csv"},
			Message: fmt.Sprintf("The spreadsheet has %d bytes; a request takes %d: split it, or import it with 'kritisgraph import --sheet'.", len(csv), maxCSV),
		}},
	}
}
