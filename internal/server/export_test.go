package server

import "time"

// What the tests of rates see of buckets.
type Buckets = buckets

var NewBuckets = newBuckets

func (b *buckets) Take(key string) time.Duration { return b.take(key) }

func (b *buckets) Len() int { return b.of.Len() }
