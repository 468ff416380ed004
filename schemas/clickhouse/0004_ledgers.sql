-- Rows of ledgers, typed, as analysts may see them: persons are masked before they get here. A ledger row names its table and
-- columns (schemas/forms), and the writer looks them up in the database: a new ledger is a new table here, not Go code.
-- NULL means not reported.

CREATE TABLE IF NOT EXISTS ledger_dispute_case
(
    submission String                   COMMENT 'ULID of the submission that says so',
    attempt    UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form       LowCardinality(String)   COMMENT 'id of the form',
    sender     LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet      String                   COMMENT 'name of the sheet, empty for a text file',
    row        UInt32                   COMMENT 'row of the sheet, from 1',
    case_no    Nullable(String)         COMMENT 'number of the case',
    applicant  Nullable(String)         COMMENT 'applicant; names of persons are masked',
    respondent Nullable(String)         COMMENT 'respondent; names of persons are masked',
    unit       Nullable(String)         COMMENT 'code of the township',
    cause      Nullable(String)         COMMENT 'cause of action',
    filed_on   Nullable(Date32)         COMMENT 'day of filing',
    closed_on  Nullable(Date32)         COMMENT 'day of closing, NULL while open',
    closing    Nullable(String)         COMMENT 'how it was closed',
    persons    Nullable(UInt32)         COMMENT 'persons involved',
    amount     Nullable(Decimal(38, 4)) COMMENT 'amount in dispute, yuan'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Arbitration cases (form dispute_cases), one row a case of the year-to-date ledger. Raw: read the view standing_dispute_case instead.';

CREATE TABLE IF NOT EXISTS ledger_inspection_case
(
    submission      String                   COMMENT 'ULID of the submission that says so',
    attempt         UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form            LowCardinality(String)   COMMENT 'id of the form',
    sender          LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet           String                   COMMENT 'name of the sheet, empty for a text file',
    row             UInt32                   COMMENT 'row of the sheet, from 1',
    case_no         Nullable(String)         COMMENT 'number of the case',
    accepted_on     Nullable(Date32)         COMMENT 'day of acceptance',
    closed_on       Nullable(Date32)         COMMENT 'day of closing, NULL while open',
    employer        Nullable(String)         COMMENT 'employer complained of',
    unit            Nullable(String)         COMMENT 'code of the township',
    source          Nullable(String)         COMMENT 'where the case came from',
    workers         Nullable(UInt32)         COMMENT 'workers involved',
    wages           Nullable(Decimal(38, 4)) COMMENT 'wages recovered, yuan',
    status          Nullable(String)         COMMENT 'state as the sheet says'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Complaints to labour inspection (form inspection_cases), one row a case of the year-to-date ledger. Raw: read the view standing_inspection_case instead.';

CREATE TABLE IF NOT EXISTS ledger_enterprise_visit
(
    submission  String                   COMMENT 'ULID of the submission that says so',
    attempt     UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form        LowCardinality(String)   COMMENT 'id of the form',
    sender      LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet       String                   COMMENT 'name of the sheet, empty for a text file',
    row         UInt32                   COMMENT 'row of the sheet, from 1',
    visited_on  Nullable(Date32)         COMMENT 'day of the visit',
    enterprise  Nullable(String)         COMMENT 'name of the enterprise',
    credit_code Nullable(String)         COMMENT 'unified social credit code',
    visitor     Nullable(String)         COMMENT 'who visited; names are masked',
    request     Nullable(String)         COMMENT 'what the enterprise asked for'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Visits to enterprises (form enterprise_visits), one row a visit. Raw: read the view standing_enterprise_visit instead.';

CREATE TABLE IF NOT EXISTS ledger_fair_employer
(
    submission  String                   COMMENT 'ULID of the submission that says so',
    attempt     UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form        LowCardinality(String)   COMMENT 'id of the form',
    sender      LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet       String                   COMMENT 'name of the sheet, empty for a text file',
    row         UInt32                   COMMENT 'row of the sheet, from 1',
    fair        Nullable(String)         COMMENT 'number of the fair',
    enterprise  Nullable(String)         COMMENT 'name of the enterprise',
    credit_code Nullable(String)         COMMENT 'unified social credit code',
    positions   Nullable(UInt32)         COMMENT 'positions offered'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Employers at online job fairs (form online_fair_employers), one row an employer and fair. Raw: read the view standing_fair_employer instead.';

CREATE TABLE IF NOT EXISTS ledger_training
(
    submission   String                   COMMENT 'ULID of the submission that says so',
    attempt      UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form         LowCardinality(String)   COMMENT 'id of the form',
    sender       LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet        String                   COMMENT 'name of the sheet, empty for a text file',
    row          UInt32                   COMMENT 'row of the sheet, from 1',
    name         Nullable(String)         COMMENT 'name of the person, masked',
    person_key   Nullable(String)         COMMENT 'keyed hash of the ID number: tells persons apart, names nobody',
    id_masked    Nullable(String)         COMMENT 'ID number, masked',
    category     Nullable(String)         COMMENT 'kind of training',
    class_no     Nullable(String)         COMMENT 'number of the class',
    began_on     Nullable(Date32)         COMMENT 'first day of the class',
    ended_on     Nullable(Date32)         COMMENT 'last day of the class',
    certificate  Nullable(String)         COMMENT 'level of the certificate',
    appraised    Nullable(String)         COMMENT 'whether the skill was appraised: 是 or 否',
    employer     Nullable(String)         COMMENT 'where the person works',
    subsidy      Nullable(Decimal(38, 4)) COMMENT 'subsidy, yuan'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Skill training (form training_ledger), one row a person and class. Raw: read the view standing_training instead.';

CREATE TABLE IF NOT EXISTS ledger_benefit_payment
(
    submission String                   COMMENT 'ULID of the submission that says so',
    attempt    UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form       LowCardinality(String)   COMMENT 'id of the form',
    sender     LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet      String                   COMMENT 'name of the sheet, empty for a text file',
    row        UInt32                   COMMENT 'row of the sheet, from 1',
    name       Nullable(String)         COMMENT 'name of the person, masked',
    person_key Nullable(String)         COMMENT 'keyed hash of the ID number: tells persons apart, names nobody',
    id_masked  Nullable(String)         COMMENT 'ID number, masked',
    unit       Nullable(String)         COMMENT 'code of the township',
    category   Nullable(String)         COMMENT 'kind of benefit',
    month      Nullable(Date32)         COMMENT 'first day of the month it was paid for',
    amount     Nullable(Decimal(38, 4)) COMMENT 'amount paid, yuan'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Benefits paid to special groups (form benefit_payments), one row a person and month. Raw: read the view standing_benefit_payment instead.';

CREATE TABLE IF NOT EXISTS ledger_wage_deposit
(
    submission   String                   COMMENT 'ULID of the submission that says so',
    attempt      UInt64                   COMMENT 'the processing run; counts only if submission_outcome names it',
    form         LowCardinality(String)   COMMENT 'id of the form',
    sender       LowCardinality(String)   COMMENT 'code of the unit that sent it',
    sheet        String                   COMMENT 'name of the sheet, empty for a text file',
    row          UInt32                   COMMENT 'row of the sheet, from 1',
    project      Nullable(String)         COMMENT 'name of the project',
    contractor   Nullable(String)         COMMENT 'building contractor',
    unit         Nullable(String)         COMMENT 'code of the township',
    deposited_on Nullable(Date32)         COMMENT 'day of the deposit',
    amount       Nullable(Decimal(38, 4)) COMMENT 'amount of the deposit, yuan',
    status       Nullable(String)         COMMENT '在缴 or 已退还'
)
ENGINE = MergeTree
ORDER BY (form, submission, attempt, sheet, row)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Wage deposits of building projects (form wage_deposits), one row a project; the state at the end of the month. Raw: read the view standing_wage_deposit instead.';
