// Package attack tries to get further than it may: the product itself is started, and asked for everything it has as every role, by
// session and by token, as a machine with too little, as somebody who was let in before, and as nobody. What each may is written by hand
// in testdata; a route or a subject that is not there fails, as does a table function that nobody has looked at. Each way in has a file: routes_test.go,
// bus_test.go for NATS, sql_test.go for analysts. What needs the inside of a package is attacked beside it (pkg/nats, pkg/engine).
package attack
