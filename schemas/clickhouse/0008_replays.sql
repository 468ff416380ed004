-- A submission that could not be decided through our own fault has an outcome like any other, and may be decided again by a later entry of
-- the journal. Of the rows of a submission those of its last entry count, and of these the first, by the clock of the database.

ALTER TABLE submission_outcome ADD COLUMN IF NOT EXISTS entry String DEFAULT submission COMMENT 'id of the journal''s entry that was decided: the submission, or the replay of one that could not be decided';

ALTER TABLE submission_outcome ADD COLUMN IF NOT EXISTS entered_at DateTime64(3, 'UTC') DEFAULT received_at COMMENT 'when that entry was made';

CREATE OR REPLACE VIEW submission AS
SELECT *
FROM submission_outcome
ORDER BY submission, entry DESC, decided_at, attempt
LIMIT 1 BY submission
COMMENT 'One row a decided submission. Where it was decided again, the last entry of the journal counts; where two runs decided the same entry (a redelivery raced), the first, for good.';

CREATE OR REPLACE VIEW submission_at AS
SELECT *
FROM submission_outcome
WHERE entered_at <= {as_of:DateTime64(3, 'UTC')}
ORDER BY submission, entry DESC, decided_at, attempt
LIMIT 1 BY submission
COMMENT 'The view submission as it was at the moment as_of.';

CREATE OR REPLACE VIEW standing_at AS
SELECT submission, attempt, form, sender, slot, period_from, period_to, sha256, file_name, received_at
FROM submission_at(as_of = {as_of:DateTime64(3, 'UTC')})
WHERE outcome = 'accepted'
ORDER BY period_to DESC, submission DESC
LIMIT 1 BY form, sender, slot
COMMENT 'The submissions that spoke for their form, sender and slot at the moment as_of.';
