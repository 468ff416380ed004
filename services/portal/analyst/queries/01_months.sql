-- zh: 全市某指标逐月
-- en: An indicator of the city by month
SELECT month, sum(value_sum) AS value
FROM fact_monthly
WHERE indicator = 'employment.urban_new_jobs' AND month BETWEEN '2020-01-01' AND '2020-12-31'
GROUP BY month
ORDER BY month
