-- zh: 期末后几天报来
-- en: How many days after the period it came
SELECT sender, form, count() AS sheets, avg(dateDiff('day', toDateTime(period_to), received_at)) AS days
FROM submission
WHERE outcome = 'accepted'
GROUP BY sender, form
ORDER BY days DESC
LIMIT 50
