// Package attack tries to get further than it may: the product itself is started, and asked for everything it has as every role, by
// session and by token, as a machine with too little, as somebody who was let in before, and as nobody. What each may is written by hand
// in testdata; a route that is not there fails. Other ways in (subjects of NATS, functions of SQL) have a file each beside routes_test.go and
// start their server by start, with the flags that they need.
package attack
