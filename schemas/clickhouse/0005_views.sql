-- What analysts read. A view shows committed rows of standing submissions only, so a number in it is a number of the report.
--
-- Views ending in _at take the moment as a parameter: SELECT * FROM fact_at(as_of = '2020-07-01 00:00:00') is what stood then.

CREATE OR REPLACE VIEW submission AS
SELECT *
FROM submission_outcome
ORDER BY submission, decided_at, attempt
LIMIT 1 BY submission
COMMENT 'One row a decided submission. Where two runs decided the same one (a redelivery raced), the first counts, for good.';

CREATE OR REPLACE VIEW submission_finding AS
SELECT s.form AS form, s.sender AS sender, s.period_from AS period_from, s.period_to AS period_to, s.outcome AS outcome, f.*
FROM finding AS f
INNER JOIN submission AS s ON f.submission = s.submission AND f.attempt = s.attempt
COMMENT 'What was found in each decided submission, accepted or rejected.';

-- The latest period speaks before the newest submission: within a slot of one period that is the newest submission, and within
-- the slot of a year the ledger of the latest month, even when an earlier month is corrected after it.
CREATE OR REPLACE VIEW standing_at AS
SELECT submission, attempt, form, sender, slot, period_from, period_to, sha256, file_name, received_at
FROM submission
WHERE outcome = 'accepted' AND received_at <= {as_of:DateTime64(3, 'UTC')}
ORDER BY period_to DESC, submission DESC
LIMIT 1 BY form, sender, slot
COMMENT 'The submissions that spoke for their form, sender and slot at the moment as_of.';

CREATE OR REPLACE VIEW standing AS
SELECT * FROM standing_at(as_of = toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))
COMMENT 'The submissions that speak now: of each form, sender and slot the accepted one of the latest period, there the newest.';

-- One set of standing submissions for all three tables, so that a query sees one state. (submission, attempt) names a run; the form,
-- which the tables are ordered by, follows from it.
CREATE OR REPLACE VIEW fact_at AS
SELECT substring(_table, 6) AS domain, *
FROM fact_raw
WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing_at(as_of = {as_of:DateTime64(3, 'UTC')}))
COMMENT 'The observations of the submissions that stood at the moment as_of, of all domains.';

CREATE OR REPLACE VIEW fact AS
SELECT * FROM fact_at(as_of = toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))
COMMENT 'The observations that stand now, of all domains, each with its sheet and cell.';

CREATE OR REPLACE VIEW fact_monthly AS
SELECT
    domain, indicator, unit, toStartOfMonth(period_to) AS month,
    sum(value)                      AS value_sum,
    uniqExactIf(key, key != '')     AS distinct_keys,
    count()                         AS observations
FROM fact
WHERE opened IS NULL
GROUP BY domain, indicator, unit, month
COMMENT 'Facts added up by indicator, unit and month. value_sum for flows and stocks, distinct_keys where persons or enterprises are counted once. Cases on a docket are not monthly: see fact.';

CREATE OR REPLACE VIEW standing_target AS
SELECT * FROM target WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of target that stand now.';

CREATE OR REPLACE VIEW standing_baseline AS
SELECT * FROM baseline WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of baseline that stand now.';

CREATE OR REPLACE VIEW standing_narrative AS
SELECT * FROM narrative WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of narrative that stand now.';

CREATE OR REPLACE VIEW standing_dispute_case AS
SELECT * FROM ledger_dispute_case WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_dispute_case that stand now.';

CREATE OR REPLACE VIEW standing_inspection_case AS
SELECT * FROM ledger_inspection_case WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_inspection_case that stand now.';

CREATE OR REPLACE VIEW standing_enterprise_visit AS
SELECT * FROM ledger_enterprise_visit WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_enterprise_visit that stand now.';

CREATE OR REPLACE VIEW standing_fair_employer AS
SELECT * FROM ledger_fair_employer WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_fair_employer that stand now.';

CREATE OR REPLACE VIEW standing_training AS
SELECT * FROM ledger_training WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_training that stand now.';

CREATE OR REPLACE VIEW standing_benefit_payment AS
SELECT * FROM ledger_benefit_payment WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_benefit_payment that stand now.';

CREATE OR REPLACE VIEW standing_wage_deposit AS
SELECT * FROM ledger_wage_deposit WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing)
COMMENT 'The rows of ledger_wage_deposit that stand now.';
