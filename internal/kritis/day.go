package kritis

import "kritisgraph/internal/store"

// Day is a calendar day in Europe/Berlin, written like 2026-03-17; the empty Day is none.
type Day = store.Day
