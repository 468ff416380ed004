package explore

import (
	"strings"

	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
)

// About says what its numbers are: 人 · 流量 · 合计.
func About(lang string, i *reporting.Indicator) string {
	return strings.Join([]string{phrase.Measure(lang, i), phrase.Pick(lang, kindNames[i.Kind]), phrase.Pick(lang, rollupNames[i.Rollup])}, " · ")
}
