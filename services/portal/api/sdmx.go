package api

import (
	"encoding/csv"
	"fmt"
	"net/http"

	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// Figures as SDMX-CSV 2.0 (the csv format of SDMX 3.0): a line an observation, with the dataflow that it belongs to.
const (
	sdmxFormat = "sdmx-csv"
	sdmxType   = "application/vnd.sdmx.data+csv;version=2.0.0"
	// sdmxFlow names the dataflow: its dimensions are FREQ, REF_AREA, INDICATOR and TIME_PERIOD, its measure OBS_VALUE, the rest attributes.
	sdmxFlow = "HUIZONG:FIGURES(1.0.0)"
)

var sdmxColumns = []string{
	"STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE",
	"UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "OBS_STATUS", "REPORTED_UNITS", "EXPECTED_UNITS",
}

func (p *Service) writeSDMX(w http.ResponseWriter, figures []reporting.Figure) error {
	w.Header().Set("Content-Type", sdmxType+";charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", portal.Disposition("attachment", "figures-sdmx.csv"))
	out := csv.NewWriter(w)
	if err := out.Write(sdmxColumns); err != nil {
		return err
	}
	for _, f := range figures {
		if err := out.Write(p.sdmxLine(f)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// sdmxLine is one observation. A value that is missing is NaN, as SDMX writes it: an empty field would mean that nothing is said of it.
func (p *Service) sdmxLine(f reporting.Figure) []string {
	i := p.Catalogue.Indicator(f.Indicator)
	frequency, time := sdmxTime(f.Period)
	value := reporting.PlainNumber(f.Value, i.Places())
	if value == "" {
		value = "NaN"
	}
	return []string{"dataflow", sdmxFlow, "I", frequency, f.Unit, f.Indicator, time, value,
		sdmxMeasure(i), "0", fmt.Sprint(i.Places()), sdmxStatus(f), fmt.Sprint(f.Reported), fmt.Sprint(f.Expected)}
}

// sdmxTime is a period as SDMX has it, with its code of CL_FREQ: 2020-06, 2020-Q2, 2020-S1, 2020. Any other run of months is a time range,
// a day with a duration, and of no frequency.
func sdmxTime(p reporting.Period) (frequency, time string) {
	year, first := p.First.Year(), p.First.Number()
	switch {
	case p.Len() == 1:
		return "M", p.First.String()
	case p.Len() == 3 && first%3 == 1:
		return "Q", fmt.Sprintf("%04d-Q%d", year, first/3+1)
	case p.Len() == 6 && first%6 == 1:
		return "S", fmt.Sprintf("%04d-S%d", year, first/6+1)
	case p.Len() == 12 && first == 1:
		return "A", fmt.Sprintf("%04d", year)
	}
	return "_O", fmt.Sprintf("%s/P%dM", p.Start(), p.Len())
}

// sdmxStatus is the code of CL_OBS_STATUS: A normal, P provisional where some unit has not reported, L missing because it was not collected,
// M missing because it does not apply.
func sdmxStatus(f reporting.Figure) string {
	switch {
	case f.Value == nil && f.Complete():
		return "M"
	case f.Value == nil:
		return "L"
	case !f.Complete():
		return "P"
	}
	return "A"
}

// sdmxMeasure is the unit of the values: yuan by its code of ISO 4217, a rate as a pure number, else what is counted.
func sdmxMeasure(i *reporting.Indicator) string {
	switch {
	case i.IsMoney():
		return "CNY"
	case i.Kind == reporting.Ratio:
		return "PURE_NUMB"
	}
	switch i.Measure {
	case "人", "名":
		return "PS"
	}
	return "NUMBER"
}
