// Package storetest is the conformance suite that every store.Driver passes without a skip: cases, a naive in-memory model
// that is itself a driver, random sequences compared with it, and a driver that counts calls.
package storetest
