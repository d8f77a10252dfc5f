package seed

// dice is a stream of numbers that depends on nothing but where it began: equal on every machine and version.
type dice struct{ state uint64 }

// roll begins the stream of one thing: the seed, a word for its kind, and its number.
func roll(seed int64, kind string, number int) *dice {
	h := uint64(14695981039346656037)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	return &dice{state: mix(uint64(seed)+0x9e3779b97f4a7c15) ^ mix(h) ^ mix(uint64(number)*0xd1342543de82ef95+1)}
}

// mix is the finaliser of SplitMix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (d *dice) below(n int) int {
	d.state += 0x9e3779b97f4a7c15
	return int(mix(d.state) >> 1 % uint64(n))
}

// between returns a number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.below(high-low+1) }

// chance is true in percent of a hundred cases.
func (d *dice) chance(percent int) bool { return d.below(100) < percent }

// weighted returns the place of one of the weights.
func (d *dice) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.below(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }
