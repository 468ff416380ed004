-- zh: 按某一天知道的算（时间为 UTC）
-- en: As it was known on a day (UTC)
SELECT indicator, unit, sum(value) AS value
FROM fact_at(as_of = '2030-07-01 00:00:00')
WHERE indicator = 'employment.urban_new_jobs' AND period_to BETWEEN '2020-01-01' AND '2020-06-30'
GROUP BY indicator, unit
ORDER BY unit
