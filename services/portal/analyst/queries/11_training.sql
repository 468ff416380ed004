-- zh: 培训人数：每人只算一次
-- en: Persons trained, each counted once
SELECT category, uniqExact(person_key) AS persons, count() AS rows, sum(subsidy) AS subsidy
FROM standing_training
GROUP BY category
ORDER BY persons DESC
