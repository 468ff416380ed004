package compile

import (
	"fmt"
	"strings"
)

// Describe says a chart in a sentence, for those who cannot see it: what it shows, which is the highest and the lowest, what stays behind.
func (c Chart) Describe() string {
	var b strings.Builder
	kind := "柱状图"
	if c.Kind == Bars {
		kind = "条形图"
	}
	fmt.Fprintf(&b, "%s“%s”，%d项（%s）", kind, c.Title, len(c.Categories), c.Measure)
	for i, s := range c.Series {
		b.WriteString(separated("：", "；", i))
		if len(c.Series) > 1 {
			b.WriteString(s.Name)
		}
		b.WriteString(c.extremes(s))
	}
	if c.Reference != nil && len(c.Series) > 0 {
		fmt.Fprintf(&b, "；未达到%s的有%d项", c.Reference.Label, c.behind(c.Series[0]))
	}
	return b.String() + "。"
}

func separated(first, then string, i int) string {
	if i == 0 {
		return first
	}
	return then
}

// extremes names the highest and the lowest of a series. What has no number is counted; it is neither.
func (c Chart) extremes(s Series) string {
	high, low, none := -1, -1, 0
	for i, p := range s.Points {
		if p.Value == nil {
			none++
			continue
		}
		if high < 0 || p.Value.Cmp(s.Points[high].Value) > 0 {
			high = i
		}
		if low < 0 || p.Value.Cmp(s.Points[low].Value) < 0 {
			low = i
		}
	}
	var text string
	switch {
	case high < 0:
		return "没有数据"
	case s.Points[high].Value.Cmp(s.Points[low].Value) == 0:
		text = fmt.Sprintf("均为%s", s.Points[high].Run.Text)
	default:
		text = fmt.Sprintf("最高的是%s（%s），最低的是%s（%s）", c.Categories[high], s.Points[high].Run.Text, c.Categories[low], s.Points[low].Run.Text)
	}
	if none > 0 {
		text += fmt.Sprintf("，%d项没有数据", none)
	}
	return text
}

func (c Chart) behind(s Series) int {
	n := 0
	for _, p := range s.Points {
		if p.Value != nil && p.Value.Cmp(c.Reference.Value) < 0 {
			n++
		}
	}
	return n
}

// Describe says what a table holds, for those who hear it read.
func (t Table) Describe() string {
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	name := ""
	if t.Caption != "" {
		name = "“" + t.Caption + "”"
	}
	return fmt.Sprintf("表格%s，%d行，各列为：%s。", name, len(t.Rows), strings.Join(titles, "、"))
}
