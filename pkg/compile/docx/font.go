package docx

import "strings"

// The fonts of official documents. They are licensed: files name them, and never hold them.
const (
	songti   = "宋体"
	heiti    = "黑体"
	kaiti    = "楷体_GB2312"
	fangsong = "仿宋_GB2312"
	biaosong = "方正小标宋简体"
	latin    = "Times New Roman"
)

// fonts lists them with what may stand in where they are not installed.
var fonts = []struct{ name, instead, panose, family string }{
	{fangsong, "仿宋", "02010609030101010101", "modern"},
	{kaiti, "楷体", "02010609030101010101", "modern"},
	{heiti, "SimHei", "02010609060101010101", "modern"},
	{biaosong, "宋体", "02010601030101010101", "auto"},
	{songti, "SimSun", "02010600030101010101", "auto"},
}

func fontTableXML() string {
	var b strings.Builder
	b.WriteString(header + `<w:fonts ` + namespaces + `><w:font w:name="` + latin + `"><w:panose1 w:val="02020603050405020304"/>` +
		`<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>`)
	for _, f := range fonts {
		b.WriteString(`<w:font w:name="` + f.name + `"><w:altName w:val="` + f.instead + `"/><w:panose1 w:val="` + f.panose +
			`"/><w:charset w:val="86"/><w:family w:val="` + f.family + `"/><w:pitch w:val="default"/></w:font>`)
	}
	return b.String() + `</w:fonts>`
}

// fontsXML sets the font of Chinese characters by name, and Times New Roman for digits and letters. The hint gives characters that
// both have, such as “ ” and —, to the Chinese one.
func fontsXML(eastAsia string) string { return fontPairXML(latin, eastAsia) }

func fontPairXML(latin, eastAsia string) string {
	return `<w:rFonts w:hint="eastAsia" w:ascii="` + latin + `" w:hAnsi="` + latin + `" w:cs="` + latin + `" w:eastAsia="` + eastAsia + `"/>`
}
