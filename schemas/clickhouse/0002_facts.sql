-- One row an observation: a value of one indicator for one unit and period, from one cell or one ledger row. Facts are immutable.
--
-- The three tables differ only in the domain of their indicators. Keys:
--   * ORDER BY form, submission: the worker reads and verifies by submission, and reports read the standing submissions of some
--     forms; both then touch only the granules of those submissions. ULIDs grow, so an insert lands at the end of its form.
--   * PARTITION BY year, for backups and pruning. A batch that spans two years becomes two parts, not atomically; that is harmless
--     because no fact is visible before its row in submission_outcome.

CREATE TABLE IF NOT EXISTS fact_employment
(
    submission  String                 COMMENT 'ULID of the submission that says so',
    attempt     UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position    UInt32                 COMMENT 'place within the submission, from 0',
    form        LowCardinality(String) COMMENT 'id of the form',
    sender      LowCardinality(String) COMMENT 'code of the unit that sent it',
    indicator   LowCardinality(String) COMMENT 'code of the indicator',
    unit        LowCardinality(String) COMMENT 'code of the unit that the value belongs to',
    period_from Date32                 COMMENT 'first day of the time it speaks of; of a docket row, of the period of its ledger',
    period_to   Date32                 COMMENT 'last day of that time; of a docket row, of the period of its ledger',
    value       Decimal(38, 4)         COMMENT 'yuan for money, else the unit of measure of the indicator; 1 for a counted row',
    key         String                 COMMENT 'what is counted once (person as keyed hash, enterprise, case), or empty',
    opened      Nullable(Date32)       COMMENT 'docket rows: when the case opened; NULL for all other rows',
    closed      Nullable(Date32)       COMMENT 'docket rows: when it closed; NULL while it is open',
    sheet       String                 COMMENT 'name of the sheet, empty for a text file',
    cell        String                 COMMENT 'address of the cell (A1)',
    written     String                 COMMENT 'the cell as it is written'
)
ENGINE = MergeTree
PARTITION BY toYear(period_to)
ORDER BY (form, submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Observations: employment, training, talent and public services. Raw: holds all that was ever sent, also what is superseded; read the view fact instead.';

CREATE TABLE IF NOT EXISTS fact_insurance_fund
(
    submission  String                 COMMENT 'ULID of the submission that says so',
    attempt     UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position    UInt32                 COMMENT 'place within the submission, from 0',
    form        LowCardinality(String) COMMENT 'id of the form',
    sender      LowCardinality(String) COMMENT 'code of the unit that sent it',
    indicator   LowCardinality(String) COMMENT 'code of the indicator',
    unit        LowCardinality(String) COMMENT 'code of the unit that the value belongs to',
    period_from Date32                 COMMENT 'first day of the time it speaks of; of a docket row, of the period of its ledger',
    period_to   Date32                 COMMENT 'last day of that time; of a docket row, of the period of its ledger',
    value       Decimal(38, 4)         COMMENT 'yuan for money, else the unit of measure of the indicator; 1 for a counted row',
    key         String                 COMMENT 'what is counted once (person as keyed hash, enterprise, case), or empty',
    opened      Nullable(Date32)       COMMENT 'docket rows: when the case opened; NULL for all other rows',
    closed      Nullable(Date32)       COMMENT 'docket rows: when it closed; NULL while it is open',
    sheet       String                 COMMENT 'name of the sheet, empty for a text file',
    cell        String                 COMMENT 'address of the cell (A1)',
    written     String                 COMMENT 'the cell as it is written'
)
ENGINE = MergeTree
PARTITION BY toYear(period_to)
ORDER BY (form, submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Observations: social insurance funds, insured persons, benefits and cards. Raw: holds all that was ever sent, also what is superseded; read the view fact instead.';

CREATE TABLE IF NOT EXISTS fact_labor_dispute
(
    submission  String                 COMMENT 'ULID of the submission that says so',
    attempt     UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position    UInt32                 COMMENT 'place within the submission, from 0',
    form        LowCardinality(String) COMMENT 'id of the form',
    sender      LowCardinality(String) COMMENT 'code of the unit that sent it',
    indicator   LowCardinality(String) COMMENT 'code of the indicator',
    unit        LowCardinality(String) COMMENT 'code of the unit that the value belongs to',
    period_from Date32                 COMMENT 'first day of the time it speaks of; of a docket row, of the period of its ledger',
    period_to   Date32                 COMMENT 'last day of that time; of a docket row, of the period of its ledger',
    value       Decimal(38, 4)         COMMENT 'yuan for money, else the unit of measure of the indicator; 1 for a counted row',
    key         String                 COMMENT 'what is counted once (person as keyed hash, enterprise, case), or empty',
    opened      Nullable(Date32)       COMMENT 'docket rows: when the case opened; NULL for all other rows',
    closed      Nullable(Date32)       COMMENT 'docket rows: when it closed; NULL while it is open',
    sheet       String                 COMMENT 'name of the sheet, empty for a text file',
    cell        String                 COMMENT 'address of the cell (A1)',
    written     String                 COMMENT 'the cell as it is written'
)
ENGINE = MergeTree
PARTITION BY toYear(period_to)
ORDER BY (form, submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Observations: labour disputes, inspection, labour relations and legal matters. Raw: holds all that was ever sent, also what is superseded; read the view fact instead.';

CREATE TABLE IF NOT EXISTS fact_raw AS fact_employment
ENGINE = Merge(currentDatabase(), '^fact_(employment|insurance_fund|labor_dispute)$')
COMMENT 'The three fact tables read as one. Raw: read the view fact instead.';
