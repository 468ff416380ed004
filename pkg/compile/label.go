package compile

import "fmt"

// AnnexLabel is what stands at the head of the annex i of n: 附件1, or 附件 where it is the only one.
func AnnexLabel(i, n int) string {
	if n == 1 {
		return "附件"
	}
	return fmt.Sprintf("附件%d", i+1)
}
