// Package attack tests that nothing of the running product is open to a caller without the permission. Every route, subject and SQL function is asked
// for as every role, by session and by token, with too little permission, after the account or token has ended, and not signed in. testdata has, written
// by hand, what each may do; a route, a subject or a table function that is not listed there fails. Files: routes_test.go, bus_test.go for NATS,
// sql_test.go for analysts. Attacks that need the inside of a package stand beside it (pkg/nats, pkg/engine).
package attack
