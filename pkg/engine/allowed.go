package engine

import (
	_ "embed"
	"regexp"
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
	"hostName", "hostname", "FQDN", "fullHostName", "generateSerialID", "zookeeperSessionUptime", "transactionID", "transactionLatestSnapshot", "transactionOldestSnapshot", "serverUUID", "chdb"}

// refusedPrefixes begin the names of whole families of such functions: dictionaries, regions of a geobase, models elsewhere, and what ClickHouse keeps for itself.
var refusedPrefixes = []string{"dict", "region", "ai", "__"}

// reviewed are the functions that were looked at: one that the engine has and the file has not is refused until it is.
//
//go:embed functions.txt
var reviewed string

// statements are those that an analyst may send, as ClickHouse names the roots of their trees.
var statements = append(questions, "Explain", "DescribeQuery", "ShowTables", "ShowColumns", "ShowFunctions", "ShowSetting", "ShowCreateTableQuery", "ShowCreateViewQuery", "ShowCreateDatabaseQuery",
	"ExistsTableQuery", "ExistsViewQuery", "ExistsDatabaseQuery")

// questions are those that EXPLAIN may explain.
var questions = []string{"SelectWithUnionQuery", "SelectIntersectExceptQuery"}

// parts are what else a tree may be made of, below its root. A node of another kind is refused, whatever it is: the tree shows all that these hold, and of
// a kind that was not reviewed it may leave something out.
var parts = append(questions, "SelectQuery", "ExpressionList", "WithElement", "TablesInSelectQuery", "TablesInSelectQueryElement", "TableExpression", "TableIdentifier", "TableJoin", "ArrayJoin", "SampleRatio", "Subquery",
	"Function", "Identifier", "Literal", "Asterisk", "QualifiedAsterisk", "ColumnsRegexpMatcher", "ColumnsListMatcher", "QualifiedColumnsRegexpMatcher", "QualifiedColumnsListMatcher",
	"ColumnsTransformerList", "ColumnsExceptTransformer", "ColumnsReplaceTransformer", "OrderByElement", "InterpolateElement", "WindowDefinition", "WindowListElement", "Set")

// explanations are the kinds of EXPLAIN.
var explanations = []string{"EXPLAIN", "EXPLAIN AST", "EXPLAIN SYNTAX", "EXPLAIN QUERY TREE", "EXPLAIN PIPELINE", "EXPLAIN ESTIMATE"}

// plainShow is how SHOW may be asked where the tree does not say what its conditions are: without any.
var plainShow = regexp.MustCompile("^(?i)SHOW\\s+(EXTENDED\\s+)?(FULL\\s+)?(DATABASES|TABLES|COLUMNS|FIELDS)(\\s+(FROM|IN)\\s+[\\w.`]+)*(\\s+(NOT\\s+)?I?LIKE\\s+'[\\w%.]*')?(\\s+LIMIT\\s+\\d+)?(\\s+FORMAT\\s+\\w+)?\\s*;?$")

// rules decide what an analyst may ask.
type rules struct {
	tables map[string]bool // lower-case names of the engine's table functions; whether an analyst may call them
	names  map[string]bool // lower-case names of those of its functions that an analyst may not call: some are called by their name alone
}

// newRules are those for an engine with the table functions and the functions.
func newRules(tables, functions []string) rules {
	r := rules{map[string]bool{}, map[string]bool{}}
	for _, name := range tables {
		r.tables[strings.ToLower(name)] = slices.Contains(harmless, name)
	}
	known := map[string]bool{}
	for name := range strings.FieldsSeq(reviewed) {
		known[name] = true
	}
	for _, name := range functions {
		r.names[strings.ToLower(name)] = refusedFunction(name) || !known[name]
	}
	return r
}

// check refuses a query by its tree, as EXPLAIN AST writes it: a node a line, one blank deeper for each level. It is ClickHouse's own reading of the
// text: nothing that comments, quotes or escapes hide from us is hidden from it. A name that breaks a line makes lines of its own, which are no nodes that we know.
// What the tree leaves out is refused as a whole: the function of an APPLY, the conditions of a SHOW.
func (r rules) check(tree, text string) error {
	lines := strings.Split(strings.TrimRight(tree, "\n"), "\n")
	base := 0 // line of the question
	if kind, rest, _ := strings.Cut(lines[0], " "); kind == "Explain" {
		var err error
		if base, err = explained(rest, lines); err != nil {
			return err
		}
	}
	for i, line := range lines {
		node := strings.TrimLeft(line, " ")
		kind, rest, _ := strings.Cut(node, " ")
		if err := checkPlace(kind, len(line)-len(node), lines, i, base); err != nil {
			return err
		}
		if err := r.checkName(kind, rest, text); err != nil {
			return err
		}
	}
	return nil
}

// explained is the line of the question that an EXPLAIN explains, behind its options.
func explained(what string, lines []string) (int, error) {
	what, _, _ = strings.Cut(what, " (")
	base := 1
	if len(lines) > base && lines[base] == " Set" {
		base++
	}
	if !slices.Contains(explanations, what) || len(lines) <= base {
		return 0, reporting.Errorf(reporting.Forbidden, "%s is not for analysts", what)
	}
	if kind, _, _ := strings.Cut(strings.TrimPrefix(lines[base], " "), " "); !slices.Contains(questions, kind) {
		return 0, reporting.Errorf(reporting.Forbidden, "EXPLAIN explains a question here, and %s is none", kind)
	}
	return base, nil
}

// checkName refuses what calls a function that is not for analysts, or may do so where the tree does not tell.
func (r rules) checkName(kind, rest, text string) error {
	name, _, _ := strings.Cut(rest, " (")
	switch {
	case kind == "Function":
		return r.function(name)
	case kind == "Identifier" && r.names[strings.ToLower(name)]: // arrayMap(file, …)
		return refusedCall(name)
	case kind == "ColumnsApplyTransformer":
		return reporting.Errorf(reporting.Forbidden, "APPLY is not for analysts: write the function for each column")
	case (kind == "ShowTables" || kind == "ShowColumns") && !plainShow.MatchString(text):
		return reporting.Errorf(reporting.Forbidden, "SHOW DATABASES, TABLES and COLUMNS take FROM, LIKE, LIMIT and FORMAT here: for more ask system.tables and system.columns")
	}
	return nil
}

// checkPlace refuses by what it is and where it stands in the tree: a statement that is not in the list; a node that is no part of a question; INTO OUTFILE;
// and SETTINGS of a subquery, for ClickHouse checks the settings of the whole query against the limits of the account, and not all of those of a subquery.
func checkPlace(kind string, depth int, lines []string, line, base int) error {
	root := min(base, 1) // depth of the question
	switch {
	case line == 0 && !slices.Contains(statements, kind):
		return reporting.Errorf(reporting.Forbidden, "only questions are answered here, and %s is none", kind)
	case line > 0 && !slices.Contains(parts, kind) && kind != "ColumnsApplyTransformer":
		return reporting.Errorf(reporting.Forbidden, "%s is no part of a question that is known here", kind)
	case kind == "Literal" && depth <= root+1 && strings.HasPrefix(strings.TrimSpace(lines[base]), "Select"):
		return reporting.Errorf(reporting.Forbidden, "INTO OUTFILE is not for a server")
	case kind == "Set" && line >= base && depth > root+1 && !(depth == root+3 && strings.TrimSpace(lines[base+1]) == "ExpressionList (children 1)"):
		return reporting.Errorf(reporting.Forbidden, "SETTINGS stand at the end of a question")
	}
	return nil
}

// function refuses a call, wherever it stands. In the place of a table a name that is no table function of the engine is a view with parameters.
func (r rules) function(name string) error {
	lower := strings.ToLower(name)
	allowed, known := r.tables[lower]
	if known && !allowed || r.names[lower] || refusedFunction(name) {
		return refusedCall(name)
	}
	return nil
}

func refusedFunction(name string) bool {
	return slices.ContainsFunc(refusedFunctions, func(f string) bool { return strings.EqualFold(f, name) }) ||
		slices.ContainsFunc(refusedPrefixes, func(p string) bool { return strings.HasPrefix(strings.ToLower(name), p) })
}

func refusedCall(name string) error {
	return reporting.Errorf(reporting.Forbidden, "the function %s is not for analysts: it reaches more than the tables of the database", name)
}
