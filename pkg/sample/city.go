package sample

import (
	"hash/fnv"
	"math/rand/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/fiction"
)

const (
	cityName = "示例市"
	cityCode = "349981"
)

// unit is an office that sends sheets, or that rows name.
type unit struct {
	code, name string
	size       int // of a township, its share in what happens in the city
}

var townships = []unit{
	{"349981001", "城东街道", 88}, {"349981002", "城西街道", 82}, {"349981003", "南山街道", 96}, {"349981004", "河沥街道", 74},
	{"349981005", "天湖街道", 66}, {"349981006", "汪溪街道", 61}, {"349981100", "港口镇", 58}, {"349981101", "中溪镇", 52},
	{"349981102", "宁墩镇", 47}, {"349981103", "仙霞镇", 43}, {"349981104", "甲路镇", 40}, {"349981105", "胡乐镇", 36},
	{"349981106", "霞西镇", 39}, {"349981107", "梅林镇", 45}, {"349981200", "青龙乡", 24}, {"349981201", "方塘乡", 21},
	{"349981202", "万家乡", 19}, {"349981203", "南极乡", 17}, {"349981204", "云梯畲族乡", 12},
}

// The sub-units of the bureau, and the employers directly under the city, which appear only in rows.
var (
	employmentCentre = unit{"349981JY", "就业服务中心", 30}
	trainingSection  = unit{"349981ZJ", "职业能力建设科", 30}
	insuranceCentre  = unit{"349981SB", "社会保险中心", 30}
	arbitrationCourt = unit{"349981ZC", "劳动人事争议仲裁院", 30}
	inspectionTeam   = unit{"349981JC", "劳动保障监察大队", 30}
	relationsSection = unit{"349981LD", "劳动关系科", 30}
	talentSection    = unit{"349981RS", "人事人才科", 30}
	bureauOffice     = unit{"349981BG", "办公室", 30}
	cityDirect       = unit{"349981SZ", "市直", 40}
)

// city is the world of one kit.
type city struct {
	seed   int64
	year   int
	months int
	firms  []fiction.Firm
}

const firmCount = 260

func newCity(cfg Config) *city {
	c := &city{seed: cfg.Seed, year: cfg.Year, months: cfg.Months}
	c.firms = fiction.Firms(c.chance("firms"), cityName, firmCount)
	return c
}

// chance is a source of chance of its own for each key. What one form or one sheet draws from it moves nothing in another, so a
// kit of fewer forms or months holds the same numbers.
func (c *city) chance(key ...string) *rand.Rand {
	h := fnv.New64a()
	for _, k := range key {
		h.Write([]byte(k))
		h.Write([]byte{0})
	}
	return rand.New(rand.NewPCG(uint64(c.seed), h.Sum64()))
}

// firm returns one of the city's enterprises.
func (c *city) firm(rng *rand.Rand) fiction.Firm { return pick(rng, c.firms) }

// month is the month of the kit's year.
func (c *city) month(number int) reporting.Month { return reporting.NewMonth(c.year, number) }

// township picks one, the large ones more often.
func township(rng *rand.Rand) unit {
	sum := 0
	for _, u := range townships {
		sum += u.size
	}
	n := rng.IntN(sum)
	for _, u := range townships {
		if n -= u.size; n < 0 {
			return u
		}
	}
	return townships[0]
}

// share is about u's part of a total that all of units have together, within a quarter up or down. A part below one comes up as
// one now and then.
func share(rng *rand.Rand, total int64, u unit, units []unit) int64 {
	sum := 0
	for _, other := range units {
		sum += other.size
	}
	parts := int64(sum) * 100
	scaled := total * int64(u.size) * (75 + rng.Int64N(51))
	n := scaled / parts
	if rng.Int64N(parts) < scaled%parts {
		n++
	}
	return n
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
