-- zh: 被多个单位同时报过的人或企业有多少
-- en: How many persons and enterprises several units have reported
SELECT indicator, month, count() AS keys
FROM reported_twice
GROUP BY indicator, month
ORDER BY month, indicator
