package seed

// RenewTo lets tests renew to other reference data than the embedded ones.
var RenewTo = renewTo
