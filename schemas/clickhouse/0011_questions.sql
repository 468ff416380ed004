-- What a finding asks.

ALTER TABLE finding ADD COLUMN IF NOT EXISTS question String COMMENT 'what is asked, or was answered: a question as JSON, or empty';

CREATE OR REPLACE VIEW submission_finding AS
SELECT s.form AS form, s.sender AS sender, s.period_from AS period_from, s.period_to AS period_to, s.outcome AS outcome, f.*
FROM finding AS f
INNER JOIN submission AS s ON f.submission = s.submission AND f.attempt = s.attempt
COMMENT 'What was found in each decided submission, accepted or rejected.';
