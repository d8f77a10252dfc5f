package graph

import "kritisgraph/graph/guard"

// rates are the fields whose cost differs from the rule, as the description of Query in schema.graphqls tells.
var rates = guard.Rates{
	"Query.nodes":                         {Per: "ids"},
	"Query.federalStates":                 {Times: 16},
	"Query.sectors":                       {Times: 16},
	"Query.legalActs":                     {Times: 30},
	"Query.search":                        {Own: 10},
	"Query.responsibility":                {Own: 10},
	"Query.responsibilities":              {Own: 10, Per: "inputs"},
	"Query.responsibilityDiff":            {Own: 20},
	"Query.coverage":                      {Own: 100},
	"Coverage.rows":                       {Times: 16},
	"CoverageRow.cells":                   {Times: 16},
	"Mutation.contactPointConfirm":        {Own: 20},
	"Mutation.integrationKeyCreate":       {Own: 20},
	"Mutation.integrationKeyRevoke":       {Own: 20},
	"AuthorityConnection.totalCount":      {Own: 5},
	"CompetenceConnection.totalCount":     {Own: 5},
	"ContactPointConnection.totalCount":   {Own: 5},
	"DependencyConnection.totalCount":     {Own: 5},
	"FacilityConnection.totalCount":       {Own: 5},
	"IncidentConnection.totalCount":       {Own: 5},
	"IntegrationKeyConnection.totalCount": {Own: 5},
	"OperatorConnection.totalCount":       {Own: 5},
	"SearchConnection.totalCount":         {Own: 5},
	"Mutation.competenceSetPropose":       {Own: 220},
	"Mutation.competenceSetApprove":       {Own: 220},
	"Mutation.competenceSetReject":        {Own: 20},
	"Mutation.competenceSetWithdraw":      {Own: 20},
	"CompetenceSet.effects":               {Own: 200},
	"CompetenceSet.obstacles":             {Own: 200},
	"CompetenceSetPayload.effects":        {Own: 200},
	"CompetenceSetConnection.totalCount":  {Own: 5},
}
