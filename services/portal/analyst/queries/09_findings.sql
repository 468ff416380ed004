-- zh: 哪类问题最多
-- en: What is found most often
SELECT severity, code, count() AS findings, uniqExact(submission) AS sheets, uniqExact(sender) AS units, any(message) AS example
FROM submission_finding
GROUP BY severity, code
ORDER BY findings DESC
LIMIT 30
