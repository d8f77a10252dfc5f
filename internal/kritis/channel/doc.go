// Package channel says what the ways to reach somebody look like: the formats of numbers, addresses and keys, and the hours in
// which somebody answers.
//
// It takes texts and the moment as values, and reads and writes nothing. Its errors say what to write instead and never repeat
// the text that they refuse, for that may be a private key.
package channel
