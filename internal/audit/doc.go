// Package audit signs checkpoints of the log with a key that lies outside the database, and checks them: who can write the
// database, but does not have the key, cannot rewrite the log unnoticed.
package audit
