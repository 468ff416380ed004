package clerk

import "huizong/pkg/reporting"

// findingWord says in plain words what a code means and what to do about it. The finding itself says where, and what is written there.
type findingWord struct {
	Code   reporting.FindingCode
	Title  reporting.Text
	Means  reporting.Text
	Remedy reporting.Text
}

// findingChapter puts the codes together as the help page does.
type findingChapter struct {
	Title reporting.Text
	Words []findingWord
}

func word(code reporting.FindingCode, zhTitle, enTitle, zhMeans, enMeans, zhRemedy, enRemedy string) findingWord {
	return findingWord{code, reporting.Text{ZH: zhTitle, EN: enTitle}, reporting.Text{ZH: zhMeans, EN: enMeans}, reporting.Text{ZH: zhRemedy, EN: enRemedy}}
}

// findingChapters has every code there is, once.
var findingChapters = []findingChapter{
	{reporting.Text{ZH: "文件打不开", EN: "The file cannot be opened"}, []findingWord{
		word(reporting.UnreadableFile, "文件读不出来", "Unreadable file", "不是表格，或者文件坏了；压缩包、Word 文档、图片和网页改名成 .xls 的也在此列", "It is no spreadsheet, or it is damaged; so are an archive, a document, a picture, and a web page that was renamed to .xls",
			"按意见做：压缩包先解压，Word 里的表复制到模板，网页另存为 .xlsx", "Do as the finding says: unpack an archive, copy a table out of a document, save a web page as .xlsx"),
		word(reporting.EncryptedFile, "文件有密码", "File has a password", "设了打开密码，或者被单位的文档加密软件加密了", "A password is needed to open it, or the office's document protection has encrypted it", "去掉密码，或先解密，再报", "Remove the password, or have it decrypted, and send that"),
		word(reporting.TooLarge, "文件太大", "File too large", "文件、行或列太多", "The file is too large, or has too many rows or columns",
			"删掉图片、多余的工作表和空白行列；按 Ctrl+End 看有没有跑远的格子", "Delete pictures, spare worksheets and blank rows and columns; Ctrl+End shows a cell that has run away"),
	}},
	{reporting.Text{ZH: "表不对", EN: "It is not the right sheet"}, []findingWord{
		word(reporting.UnknownForm, "认不出是哪张表", "Form not recognised", "找不到表头，或者表在隐藏的工作表里", "There is no header row of a form, or the form is on a hidden worksheet",
			"核对是不是这张表，取消隐藏，补上列名", "Check that it is the form, unhide the worksheet, add the column names"),
		word(reporting.MissingColumn, "缺一列", "Column missing", "缺一列必填的", "A required column is not there", "补上这一列", "Add the column"),
		word(reporting.AmbiguousColumn, "有两种读法", "Two readings", "有两列、两张工作表或两种金额单位，都可能是要报送的", "Two columns, worksheets or units of money could be the one that is meant", "联系市局回答以哪一个为准，答一次，以后同样的表不再问；也可以按意见改表头", "Have the bureau answer which one counts, once for all sheets laid out like this; or change the headers as the finding says"),
		word(reporting.UnreadSheet, "有一张工作表没有读取", "Worksheet not read", "工作簿里还有别的工作表，没有作为本表读取", "The workbook has another worksheet, which was not read as part of the form",
			"要报送的按意见做；用不着的可以不管", "Do as the finding says if it is meant; leave it if it is not"),
		word(reporting.MissingRow, "缺一行", "Row missing", "缺一行指标或险种", "A row of the form is not there", "补上这一行；没有发生填 0", "Add the row; fill in 0 where nothing happened"),
		word(reporting.AmbiguousRow, "有两行分不清", "Two rows for one", "有两行都可能是同一行，数字不同", "Two rows could be the same one, with other numbers", "联系市局回答是哪一行，或者把不是的那一行改成不会混淆的名称", "Have the bureau answer which one it is, or give the other a name that cannot be mistaken"),
		word(reporting.UnclaimedColumn, "多出一列", "Extra column", "多了一列，里面的数字没有采用", "A column is not part of the form; its numbers are not used", "不属于本表的可以不管", "Leave it if it is your own"),
		word(reporting.UnclaimedRow, "多出一行", "Extra row", "多了一行，没有采用", "A row is not part of the form; it is not used", "不属于本表的可以不管", "Leave it if it is your own"),
		word(reporting.WrongOrg, "单位不符", "Wrong unit", "表上的单位不是报送单位，或者本单位不报这张表", "The sheet names another unit, or the unit does not send this form", "核对单位", "Check the unit"),
		word(reporting.WrongPeriod, "时期不符", "Wrong period", "表上的时期与报送的时期不同", "The sheet names another period than the one that it is sent for", "核对时期", "Check the period"),
		word(reporting.PeriodLocked, "时期已关闭", "Period closed", "这个时期已经关闭，或者这一格会改动已关闭月份的数字", "The period has been closed, or the cell would move figures of a closed month",
			"把这一行改回原来的内容；确需更正，联系市局说明原因，重新开放后再报", "Correct the row back; where it has to change, tell the bureau why: it can open the period again"),
	}},
	{reporting.Text{ZH: "格子里的内容不对", EN: "What is written in a cell"}, []findingWord{
		word(reporting.MissingValue, "没有填写", "Empty cell", "必填的格子空着", "A cell that has to be filled is empty", "没有发生填 0，不适用填 —", "Fill in 0 where nothing happened, — where it does not apply"),
		word(reporting.NotANumber, "不是数字", "Not a number", "应该填数字", "A number belongs here", "填数字；不清楚的先问清楚", "Fill in a number; ask first where it is not known"),
		word(reporting.NotAnInteger, "不是整数", "Not a whole number", "应该填整数", "A whole number belongs here", "去掉小数", "Remove the fraction"),
		word(reporting.Negative, "负数", "Negative number", "不能是负数", "It cannot be below zero", "核对", "Check it"),
		word(reporting.OutOfBounds, "超出范围", "Out of bounds", "数太大，或者字太多：人数、户数要小于 10 亿，金额要小于 10 万亿元", "The number is too great, or the text too long: counts are less than 10^9, amounts less than 10^13 yuan",
			"看是不是多写了数字、用错了单位，或填成了身份证号、电话", "Look for a digit too many, a wrong unit, or an identity or telephone number"),
		word(reporting.BadDate, "日期无效", "Not a date", "不是有效的日期", "It is not a valid date", "按 2020-06-15 的样子填", "Write it like 2020-06-15"),
		word(reporting.DateOutOfPeriod, "日期不在本期", "Date outside the period", "日期不在本月，或者晚于本期", "The date is not in the month, or after the period", "改日期，或者放到该放的月份", "Correct it, or report it for the month where it belongs"),
		word(reporting.ClosedBeforeAccepted, "日期先后颠倒", "Dates in the wrong order", "结案、办结早于立案、受理", "It was closed before it was opened", "核对两个日期", "Check both dates"),
		word(reporting.UnknownUnit, "单位名称不认得", "Unknown unit", "没有这个乡镇（街道）", "There is no township of this name", "写全称", "Write the full name"),
		word(reporting.UnknownCategory, "选项不认得", "Unknown choice", "不在规定的选项里", "It is none of the choices", "从意见列出的选项里选", "Take one of the choices that the finding lists"),
		word(reporting.BadIDNumber, "身份证号有误", "ID number wrong", "身份证号码位数或校验码不对", "The length or the check digit of an identity number is wrong", "设成文本格式，照证件重新录入", "Format the column as text and type it again from the card"),
		word(reporting.BadCreditCode, "信用代码有误", "Credit code wrong", "信用代码位数或校验码不对", "The length or the check digit of a credit code is wrong", "照营业执照重新录入", "Type it again from the business licence"),
		word(reporting.DuplicateRow, "重复的行", "Row twice", "同一人、同一案件、同一项目写了两行", "One person, case or project stands in two rows", "是同一件，核对后只留一行；不是同一件，改正号码或名称", "Keep one row where it is the same one, after a look at both; correct the number or the name where it is not"),
	}},
	{reporting.Text{ZH: "数字之间对不上", EN: "Numbers that do not agree"}, []findingWord{
		word(reporting.TotalMismatch, "合计不符", "Total does not add up", "合计不等于各行之和", "The total is not the sum of the rows", "改合计，或改错的那一行", "Correct the total, or the row that is wrong"),
		word(reporting.PartExceedsWhole, "其中数大于总数", "Part exceeds the whole", "“其中”大于总数", "A part is greater than its whole", "核对两个数", "Check both numbers"),
		word(reporting.BalanceMismatch, "结余不平", "Balance does not add up", "期初 + 收入 − 支出 不等于期末", "Opening balance + income − expenditure is not the closing balance", "核对四个数", "Check the four numbers"),
		word(reporting.OpeningMismatch, "期初不符", "Opening balance differs", "期初不等于上月期末", "The opening balance is not last month's closing balance", "核对；上月错了先改上月", "Check it; if last month is wrong, correct that first"),
		word(reporting.CumulativeMismatch, "累计不符", "Year to date differs", "本年累计不等于各月之和；前面有月份没报时只是提醒", "The year to date is not the sum of the months; only a warning where an earlier month was not sent",
			"核对累计；哪个月错了改哪个月", "Check it; correct the month that is wrong"),
	}},
	{reporting.Text{ZH: "请核对一下", EN: "Please have a look"}, []findingWord{
		word(reporting.Outlier, "与往月相差较大", "Unlike earlier months", "与以往月份相差很大", "It differs a lot from earlier months", "属实可以不改", "Leave it if it is true"),
		word(reporting.UnitSuspect, "元和万元可能混用", "Yuan or ten thousand yuan", "大约差一万倍，可能混用了元和万元", "It is off by about ten thousand: yuan and 万元 may be mixed up", "核对单位，错了改好再报", "Check the unit of money; correct it and send again if it is wrong"),
		word(reporting.DuplicatePerson, "两个单位报了同一人", "Person reported twice", "两个单位报了同一个人", "Two units have reported the same person", "与对方核实", "Clear it up with the other unit"),
		word(reporting.ValueAssumed, "按理解读取", "Read as understood", "系统按自己的理解读取了这一格", "The cell was read as it was understood", "核对；下次写全称、写全日期、只写数字", "Check it; next time write the full name, the whole date, or the number alone"),
		word(reporting.DuplicateFile, "与已受理的文件相同", "Same file as before", "与已受理的文件完全相同；如果它后来被别的文件代替过，现在又换回来了", "The very same file has been accepted before; where another one has taken its place since, it is back now",
			"说“没有变化”的不用管；说“改回”的，确认没有报错文件", "Nothing to do where nothing changes; where it is put back, check that it is the right file"),
		word(reporting.RowLeftOut, "少了一行", "Row left out", "上一份台账里有的一行，这一份里没有了，不再计入", "A row of the ledger before is not in this one; it counts no more", "漏了就补上再报；本来就该删的可以不管", "Add it and send again if it was left out by mistake"),
		word(reporting.LaterStands, "以后来的台账为准", "A later ledger speaks", "更晚月份的台账已经受理，全年以它为准；这一份只存档", "The ledger of a later month was accepted and speaks for the year; this one is kept only", "要更正，改在最近一个月的台账里再报", "Correct it in the ledger of the latest month"),
		word(reporting.CheckNotRun, "有一项没有检查", "A check was not run", "缺少上月等数据，有一项检查没有做", "Something that a check needs, like last month's sheet, is not there", "不用管", "Nothing to do"),
		word(reporting.MoreFindings, "问题太多，没有列全", "Not all is listed", "一张表最多列出 5000 处问题", "Of one sheet 5,000 findings are listed at most", "先改正列出的，再重新报送", "Correct what is listed, then send it again"),
	}},
	{reporting.Text{ZH: "我们的故障", EN: "Our own fault"}, []findingWord{
		word(reporting.OurFault, "我们没能核对", "We could not check it", "系统出了故障，不是表的问题；原件已经收妥", "Our system failed at it; the sheet is not at fault, and it is kept",
			"不用重报；市局排除故障后会重新核对，结果会自动更新", "Do not send it again; the bureau has it checked again once the fault is mended"),
	}},
}

// findingTitles are the titles by code.
var findingTitles = func() map[reporting.FindingCode]reporting.Text {
	titles := map[reporting.FindingCode]reporting.Text{}
	for _, chapter := range findingChapters {
		for _, w := range chapter.Words {
			titles[w.Code] = w.Title
		}
	}
	return titles
}()

// findingTitle names the kind of a finding in a few words.
func findingTitle(code reporting.FindingCode) reporting.Text {
	if title, known := findingTitles[code]; known {
		return title
	}
	return reporting.Text{ZH: string(code), EN: string(code)}
}
