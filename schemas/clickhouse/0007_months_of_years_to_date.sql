-- A form may carry only the year to date. Such a fact begins with the year (or with its unit) and ends with its month: what came in within
-- the month is what it has more than the fact of the month before. Where that one is missing, or the fact is of a quarter or a half for
-- itself, no month can be told, and none is shown.

CREATE OR REPLACE VIEW fact_monthly AS
SELECT
    domain, indicator, unit, month,
    sum(value)          AS value_sum,
    sum(keys)           AS distinct_keys,
    sum(rows)           AS observations
FROM
(
    SELECT domain, indicator, unit, toStartOfMonth(period_to) AS month, sum(value) AS value, uniqExactIf(key, key != '') AS keys, count() AS rows
    FROM fact
    WHERE opened IS NULL AND toStartOfMonth(period_from) = toStartOfMonth(period_to)
      AND (form, sender, indicator, unit, toYear(period_to)) NOT IN
          (SELECT form, sender, indicator, unit, toYear(period_to) FROM fact WHERE toStartOfMonth(period_from) != toStartOfMonth(period_to))
    GROUP BY domain, indicator, unit, month
    UNION ALL
    SELECT domain, indicator, unit, month, total - before AS value, toUInt64(0) AS keys, rows
    FROM
    (
        SELECT domain, indicator, unit, toStartOfMonth(period_to) AS month, year_from, total, rows, period_to,
            lagInFrame(total, 1, toDecimal128(0, 4)) OVER sheets AS before,
            lagInFrame(period_to, 1) OVER sheets AS to_before
        FROM
        (
            SELECT domain, form, sender, indicator, unit, period_to, min(period_from) AS year_from, toDecimal128(sum(value), 4) AS total, count() AS rows
            FROM fact
            WHERE opened IS NULL AND (form, sender, indicator, unit, toYear(period_to)) IN
                (SELECT form, sender, indicator, unit, toYear(period_to) FROM fact WHERE toStartOfMonth(period_from) != toStartOfMonth(period_to))
            GROUP BY domain, form, sender, indicator, unit, period_to
        )
        WINDOW sheets AS (PARTITION BY form, sender, indicator, unit, toYear(period_to) ORDER BY period_to ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    )
    WHERE month = toStartOfMonth(year_from) OR to_before + 1 = month
)
GROUP BY domain, indicator, unit, month
COMMENT 'Facts added up by indicator, unit and month. value_sum for flows and stocks, distinct_keys where persons or enterprises are counted once. Cases on a docket are not monthly: see fact.';
