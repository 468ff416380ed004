-- zh: 各单位某指标，每月一列
-- en: An indicator by unit, a column a month
SELECT
    unit,
    sumIf(value_sum, month = '2020-01-01') AS m01,
    sumIf(value_sum, month = '2020-02-01') AS m02,
    sumIf(value_sum, month = '2020-03-01') AS m03,
    sumIf(value_sum, month = '2020-04-01') AS m04,
    sumIf(value_sum, month = '2020-05-01') AS m05,
    sumIf(value_sum, month = '2020-06-01') AS m06,
    sum(value_sum) AS half
FROM fact_monthly
WHERE indicator = 'employment.urban_new_jobs' AND month BETWEEN '2020-01-01' AND '2020-06-30'
GROUP BY unit
ORDER BY half DESC
