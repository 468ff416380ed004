-- zh: 未结仲裁案件
-- en: Arbitration cases that are open
SELECT unit, count() AS cases, sum(persons) AS persons, sum(amount) AS amount, min(filed_on) AS oldest
FROM standing_dispute_case
WHERE closed_on IS NULL
GROUP BY unit
ORDER BY cases DESC
