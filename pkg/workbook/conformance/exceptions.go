package main

// exceptions are the files that we read differently from what the corpus expects, and why.
var exceptions = map[string]string{}
