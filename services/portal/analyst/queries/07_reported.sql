-- zh: 谁报了哪几个月
-- en: Who has sent which months
SELECT sender, count() AS months, arraySort(groupArray(formatDateTime(period_from, '%Y-%m'))) AS which
FROM standing
WHERE form = 'employment_monthly' AND period_from BETWEEN '2020-01-01' AND '2020-06-30'
GROUP BY sender
ORDER BY months, sender
