-- zh: 比率要先合计再相除：城镇登记失业率
-- en: A rate is one sum over another: the registered unemployment rate
SELECT
    month,
    toFloat64(sumIf(value_sum, indicator = 'employment.registered_unemployed'))
        / toFloat64(sumIf(value_sum, indicator = 'employment.registered_labour_force')) AS rate
FROM fact_monthly
WHERE indicator IN ('employment.registered_unemployed', 'employment.registered_labour_force')
GROUP BY month
ORDER BY month
