package reporting

import "encoding/json"

// Warning is one thing that the bureau should look at before it has to.
type Warning struct {
	Rule      string      `json:"rule"`  // id of the rule that warns
	Level     string      `json:"level"` // red or yellow
	Indicator string      `json:"indicator"`
	Name      Text        `json:"name"` // of the indicator
	Unit      string      `json:"unit"`
	UnitName  string      `json:"unit_name"`
	Period    Period      `json:"period"`
	Text      Text        `json:"text"`
	Value     json.Number `json:"value"`               // a rate as a share, money in yuan
	Threshold json.Number `json:"threshold,omitempty"` // of the level; a trend has none
	Measure   string      `json:"measure"`             // in which both are printed
	Places    int         `json:"places"`
	Basis     string      `json:"basis"` // where the threshold comes from
}
