-- zh: 哪些报表更正过
-- en: Sheets that were sent again with other content
SELECT form, sender, period_from, uniqExact(sha256) AS versions, max(received_at) AS latest
FROM submission
WHERE outcome = 'accepted'
GROUP BY form, sender, period_from, period_to
HAVING versions > 1
ORDER BY latest DESC
