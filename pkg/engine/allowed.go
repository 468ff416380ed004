package engine

import (
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// harmless are the table functions that an analyst may call: they make rows out of their arguments. Every other one of the engine's is refused,
// known to us or not.
var harmless = []string{"numbers", "numbers_mt", "zeros", "zeros_mt", "generate_series", "generateSeries", "generateRandom", "primes", "null", "values", "SQLStandardValues", "format",
	"view", "viewIfPermitted", "viewExplain"}

// refusedFunctions are those that are called in an expression and reach a file, the network, the process or its settings, or only waste time.
var refusedFunctions = []string{"file", "catboostEvaluate", "evalMLMethod", "naiveBayesClassifier", "naiveBayesClassifierWithProb", "naiveBayesClassifierWithAllProbs",
	"joinGet", "joinGetOrNull", "hasColumnInTable", "showCertificate", "getClientHTTPHeader", "getMacro", "getServerPort", "tcpPort", "getServerSetting", "getOSKernelVersion", "globalVariable",
	"filesystemAvailable", "filesystemCapacity", "filesystemUnreserved", "logTrace", "sleep", "sleepEachRow", "addressToLine", "addressToLineWithInlines", "addressToSymbol",
	"generateSerialID", "zookeeperSessionUptime", "transactionID", "transactionLatestSnapshot", "transactionOldestSnapshot", "serverUUID", "chdb"}

// refusedPrefixes begin the names of whole families of such functions: dictionaries, regions of a geobase, models elsewhere, and what ClickHouse keeps for itself.
var refusedPrefixes = []string{"dict", "region", "ai", "__"}

// statements are those that an analyst may send, as ClickHouse names the roots of their trees.
var statements = []string{"SelectWithUnionQuery", "SelectIntersectExceptQuery", "Explain", "DescribeQuery", "ShowTables", "ShowColumns", "ShowFunctions", "ShowSetting", "ShowCreateTableQuery", "ShowCreateViewQuery", "ShowCreateDatabaseQuery",
	"ExistsTableQuery", "ExistsViewQuery", "ExistsDatabaseQuery"}

// rules decide what an analyst may ask.
type rules struct {
	tables map[string]bool // lower-case names of the engine's table functions; whether an analyst may call them
}

// newRules are those for an engine with the table functions.
func newRules(functions []string) rules {
	r := rules{map[string]bool{}}
	for _, name := range functions {
		r.tables[strings.ToLower(name)] = slices.Contains(harmless, name)
	}
	return r
}

// check refuses a query by its tree, as EXPLAIN AST writes it: a node a line, one blank deeper for each level. It is ClickHouse's own reading of the
// text: nothing that comments, quotes or escapes hide from us is hidden from it. A name that breaks a line makes lines of its own, and hides none.
func (r rules) check(tree string) error {
	lines := strings.Split(strings.TrimRight(tree, "\n"), "\n")
	for i, line := range lines {
		node := strings.TrimLeft(line, " ")
		depth := len(line) - len(node)
		kind, rest, _ := strings.Cut(node, " ")
		if err := checkPlace(kind, depth, lines, i); err != nil {
			return err
		}
		if kind == "Function" {
			name, _, _ := strings.Cut(rest, " (")
			if err := r.function(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkPlace refuses three things by where they stand in the tree: a statement that is not in the list; INTO OUTFILE; and SETTINGS of a subquery, for
// ClickHouse checks the settings of the whole query against the limits of the account, and not all of those of a subquery.
func checkPlace(kind string, depth int, lines []string, line int) error {
	base := 0 // depth of the question
	if strings.HasPrefix(lines[0], "Explain") {
		base = 1
	}
	switch {
	case line <= base && !slices.Contains(statements, kind):
		return reporting.Errorf(reporting.Forbidden, "only questions are answered here, and %s is none", kind)
	case kind == "Literal" && depth <= base+1 && strings.HasPrefix(strings.TrimSpace(lines[min(base, len(lines)-1)]), "Select"):
		return reporting.Errorf(reporting.Forbidden, "INTO OUTFILE is not for a server")
	case kind == "Set" && depth > base+1 && !(depth == base+3 && strings.TrimSpace(lines[base+1]) == "ExpressionList (children 1)"):
		return reporting.Errorf(reporting.Forbidden, "SETTINGS stand at the end of a question")
	}
	return nil
}

// function refuses a call, wherever it stands. In the place of a table a name that is no table function of the engine is a view with parameters.
func (r rules) function(name string) error {
	lower := strings.ToLower(name)
	allowed, known := r.tables[lower]
	refused := known && !allowed ||
		slices.ContainsFunc(refusedFunctions, func(f string) bool { return strings.EqualFold(f, name) }) ||
		slices.ContainsFunc(refusedPrefixes, func(p string) bool { return strings.HasPrefix(lower, p) })
	if refused {
		return reporting.Errorf(reporting.Forbidden, "the function %s is not for analysts: it reaches more than the tables of the database", name)
	}
	return nil
}
