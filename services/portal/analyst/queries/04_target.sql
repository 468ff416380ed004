-- zh: 年度目标完成多少
-- en: How much of the year's targets is reached
SELECT t.indicator, t.level, t.value AS target, f.value, toFloat64(f.value) / toFloat64(t.value) AS completion
FROM standing_target AS t
INNER JOIN
(
    SELECT indicator, sum(value_sum) AS value
    FROM fact_monthly
    WHERE month BETWEEN '2020-01-01' AND '2020-12-31' AND indicator LIKE 'employment.%'
    GROUP BY indicator
) AS f ON f.indicator = t.indicator
WHERE t.year = 2020
ORDER BY completion
