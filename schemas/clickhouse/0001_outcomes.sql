-- The ledger of decisions. A row here is the commit of a submission: everything that other tables hold under its
-- (submission, attempt) is visible from this row on, and nothing of it before.
--
-- Habits of every file in this folder:
--   * a statement is harmless when it runs again: after a crash a half-applied file is run anew from its beginning;
--   * a file that has been applied anywhere is never edited: a change is a new file;
--   * tables are append-only, without updates, deletes and materialised views;
--   * the two fsync settings make an insert survive a power cut; the deduplication window lets the writer repeat an insert whose
--     answer was lost (insert_deduplication_token).

CREATE TABLE IF NOT EXISTS submission_outcome
(
    submission   String                 COMMENT 'ULID of the submission; a later one is greater',
    attempt      UInt64                 COMMENT 'the processing run whose rows count; random, one per run',
    outcome      LowCardinality(String) COMMENT 'accepted or rejected',
    form         LowCardinality(String) COMMENT 'id of the form, empty where none was recognised',
    sender       LowCardinality(String) COMMENT 'code of the unit that sent it',
    period_from  Date32                 COMMENT 'first day of the period it was sent for',
    period_to    Date32                 COMMENT 'last day of the period it was sent for',
    slot         LowCardinality(String) COMMENT 'what it speaks for: the period, or the year for a year-to-date ledger',
    sha256       String                 COMMENT 'hash of the original file, hex',
    file_name    String                 COMMENT 'as the sender named it',
    received_at  DateTime64(3, 'UTC')   COMMENT 'when the receipt was given',
    decided_at   DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'when this row was written, by the clock of the database',
    observations UInt32                 COMMENT 'number of observations it holds',
    value_sum    Decimal(38, 4)         COMMENT 'sum of their values over all indicators: a checksum, not a figure',
    findings     UInt32                 COMMENT 'number of findings',
    version      LowCardinality(String) COMMENT 'version of the program that decided'
)
ENGINE = MergeTree
ORDER BY (submission, decided_at, attempt)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'One row a decision. Raw: a submission that was decided twice has two rows; read the view submission instead.';

CREATE TABLE IF NOT EXISTS finding
(
    submission String                 COMMENT 'ULID of the submission',
    attempt    UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position   UInt32                 COMMENT 'place in the list of findings, from 0',
    code       LowCardinality(String) COMMENT 'what was found: total_mismatch, bad_date, …',
    severity   LowCardinality(String) COMMENT 'error (rejects the submission), warning or note',
    sheet      String                 COMMENT 'name of the sheet, empty for a text file',
    cell       String                 COMMENT 'address of the cell (A1), or empty',
    value      String                 COMMENT 'as it is written there',
    message    String                 COMMENT 'what is wrong and what to do, in Chinese',
    message_en String                 COMMENT 'the same in English'
)
ENGINE = MergeTree
ORDER BY (submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What was found in submissions. Raw: may hold runs that never ended; read the view submission_finding instead.';
