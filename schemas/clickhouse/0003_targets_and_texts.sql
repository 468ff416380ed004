-- What is neither measured nor counted: the year's targets, last year's figures, and texts. Keyed as the facts are; a few hundred
-- rows a year, so without partitions. Values have ten digits after the point because a rate is stored as a fraction.

CREATE TABLE IF NOT EXISTS target
(
    submission String                 COMMENT 'ULID of the submission that says so',
    attempt    UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position   UInt32                 COMMENT 'place within the submission, from 0',
    form       LowCardinality(String) COMMENT 'id of the form',
    sender     LowCardinality(String) COMMENT 'code of the unit that sent it',
    indicator  LowCardinality(String) COMMENT 'code of the indicator',
    year       UInt16                 COMMENT 'the year that the target is set for',
    level      LowCardinality(String) COMMENT 'who set it: city or province',
    value      Decimal(38, 10)        COMMENT 'yuan for money, a fraction for rates, else the unit of measure of the indicator',
    sheet      String                 COMMENT 'name of the sheet, empty for a text file',
    cell       String                 COMMENT 'address of the cell (A1)',
    written    String                 COMMENT 'the cell as it is written'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Targets of the year. Raw: read the view standing_target instead.';

CREATE TABLE IF NOT EXISTS baseline
(
    submission String                 COMMENT 'ULID of the submission that says so',
    attempt    UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position   UInt32                 COMMENT 'place within the submission, from 0',
    form       LowCardinality(String) COMMENT 'id of the form',
    sender     LowCardinality(String) COMMENT 'code of the unit that sent it',
    indicator  LowCardinality(String) COMMENT 'code of the indicator',
    period_from Date32                COMMENT 'first day of the period of last year',
    period_to  Date32                 COMMENT 'last day of the period of last year',
    value      Decimal(38, 10)        COMMENT 'yuan for money, a fraction for rates, else the unit of measure of the indicator',
    sheet      String                 COMMENT 'name of the sheet, empty for a text file',
    cell       String                 COMMENT 'address of the cell (A1)',
    written    String                 COMMENT 'the cell as it is written'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Figures of last year, where no monthly facts of that year exist. Raw: read the view standing_baseline instead.';

CREATE TABLE IF NOT EXISTS narrative
(
    submission String                 COMMENT 'ULID of the submission that says so',
    attempt    UInt64                 COMMENT 'the processing run; counts only if submission_outcome names it',
    position   UInt32                 COMMENT 'place within the submission, from 0',
    form       LowCardinality(String) COMMENT 'id of the form',
    sender     LowCardinality(String) COMMENT 'code of the unit that sent it',
    section    LowCardinality(String) COMMENT 'section of the report that the text belongs to',
    title      String                 COMMENT 'title of the text',
    body       String                 COMMENT 'the text',
    sheet      String                 COMMENT 'name of the sheet, empty for a text file',
    cell       String                 COMMENT 'address of the cell (A1)',
    written    String                 COMMENT 'the cell as it is written'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, position)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Texts for the report. Raw: read the view standing_narrative instead.';
