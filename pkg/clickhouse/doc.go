// Package clickhouse keeps decisions, facts and ledgers in ClickHouse and answers from them. It is the only importer of
// clickhouse-go; what leaves it are reporting's types and error codes. It is not the truth: originals and envelopes are, and all
// of this can be built from them again.
//
// # The invariant
//
// A submission is visible whole or not at all, and once. Rows are never changed or deleted. Each run of a submission through
// the worker writes under an attempt of its own, a random number that no other run shares (NewAttempt). The run's row in
// submission_outcome is written last: it is the commit. Every view shows the rows of exactly one attempt of a submission,
// the one of its first outcome row, and nothing of any other.
//
// # What is true if we crash
//
//	during Insert           some tables hold rows of the attempt; no outcome row names it, no view shows them, and they stay as
//	                        harmless litter. The next run has another attempt, so it neither adds to them nor has to look for them.
//	Insert repeated         the same batch of attempts gives each table the same deduplication token: rows that are there are not
//	                        written again. A lost answer and a broken connection are therefore retried without a thought.
//	before or in ReadBack   as during Insert.
//	during Commit           the outcome row is there, and all of the submission is visible; or it is not, and nothing is. Whoever gets
//	                        the message again asks first whether there is an outcome.
//	after Commit, no ack    the outcome is there; the message is acknowledged and nothing is written.
//	two runs race           both insert, each under its own attempt, and both commit. The view submission takes the first outcome row of an entry
//	                        (decided_at, then attempt); the other run's rows stay invisible for good.
//
// Only the order is left to the caller: Insert, ReadBack, Commit, each after the one before has returned without an error.
package clickhouse
