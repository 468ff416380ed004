-- Persons and enterprises that stand under more than one unit. Several units may visit one enterprise, and a person may move: a row
-- here is a question, not a fault. It is asked of what stands now, and not while a sheet is judged, because the sheets of different
-- units are decided in no fixed order.

CREATE OR REPLACE VIEW reported_twice AS
SELECT
    indicator,
    toStartOfMonth(period_to)       AS month,
    key,
    arraySort(groupUniqArray(unit)) AS units,
    count()                         AS observations
FROM fact
WHERE key != '' AND opened IS NULL
GROUP BY indicator, month, key
HAVING length(units) > 1
COMMENT 'Persons (as keyed hash) and enterprises that more than one unit has reported for the same indicator and month.';
