-- zh: 一个数由哪些单元格组成
-- en: The cells that a number is made of
SELECT f.unit, f.period_from, f.value, s.file_name, f.sheet, f.cell, f.written
FROM fact AS f
INNER JOIN standing AS s ON s.submission = f.submission
WHERE f.indicator = 'employment.urban_new_jobs' AND f.period_to BETWEEN '2020-01-01' AND '2020-06-30'
ORDER BY f.unit, f.period_from
LIMIT 200
