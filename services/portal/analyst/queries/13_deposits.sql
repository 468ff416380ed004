-- zh: 工资保证金余额（最近一个月的台账）
-- en: Wage deposits held (the ledger of the latest month)
SELECT unit, count() AS projects, sum(amount) AS amount
FROM standing_wage_deposit
WHERE status = '在缴' AND submission IN (SELECT argMax(submission, period_to) FROM standing WHERE form = 'wage_deposits' GROUP BY sender)
GROUP BY unit
ORDER BY amount DESC
