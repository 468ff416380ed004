package engine

import (
	"bytes"
	"embed"
	"path/filepath"
	"text/template"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

//go:embed config.xml.tmpl users.xml.tmpl
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "*.tmpl"))

// changeable are the settings that an analyst's program may send beside those with bounds: how the answer is written, and what SQL means where the
// standard leaves it open.
var changeable = []string{
	"result_overflow_mode", "max_rows_to_read", "max_bytes_to_read", "read_overflow_mode", "timeout_overflow_mode", "extremes", "limit", "offset", "log_comment",
	"join_use_nulls", "group_by_use_nulls", "union_default_mode", "aggregate_functions_null_for_empty", "prefer_column_name_to_alias", "session_timezone",
	"date_time_input_format", "date_time_output_format", "enable_http_compression", "send_progress_in_http_headers", "http_headers_progress_interval_ms",
	"add_http_cors_header", "output_format_json_quote_64bit_integers", "output_format_json_quote_64bit_floats", "output_format_json_quote_denormals",
	"output_format_json_quote_decimals", "output_format_write_statistics", "output_format_csv_crlf_end_of_line", "output_format_tsv_crlf_end_of_line",
	"format_csv_delimiter", "format_csv_null_representation", "format_tsv_null_representation", "output_format_pretty_max_rows", "output_format_pretty_color",
	"output_format_binary_write_json_as_string", "output_format_native_write_json_as_string", "output_format_binary_encode_types_in_binary_format",
	"output_format_native_encode_types_in_binary_format", "output_format_arrow_string_as_string", "output_format_parquet_string_as_string",
}

// visible are the tables of the system that an analyst reads: what programs ask to show a database. ClickHouse shows of each only what belongs to
// tables that the account may read.
var visible = []string{"one", "numbers", "databases", "tables", "columns", "functions", "data_type_families", "aggregate_function_combinators", "formats", "settings", "table_engines",
	"table_functions", "time_zones", "collations", "current_roles", "enabled_roles"}

// writeConfig writes the two files that the child reads at its start. They hold hashes of the passwords, and the prefix that these begin with. Analysts
// have an account only where the child can be kept to its own files: see confine.
func writeConfig(dir string, accounts map[string]Account) error {
	values := map[string]any{
		"Prefixes":   accounts[Service].headerPrefix() + "|" + accounts[Analyst].headerPrefix(),
		"Service":    accounts[Service].passwordHash(),
		"Analyst":    accounts[Analyst].passwordHash(),
		"Confined":   confinable(),
		"Changeable": changeable,
		"Visible":    visible,
	}
	for _, name := range []string{configName, usersName} {
		var file bytes.Buffer
		if err := templates.ExecuteTemplate(&file, name+".tmpl", values); err != nil {
			return reporting.Errorf(reporting.Internal, "engine configuration: %w", err)
		}
		if err := durable.WriteFile(filepath.Join(dir, name), file.Bytes()); err != nil {
			return reporting.Errorf(reporting.Unavailable, "write engine configuration: %w", err)
		}
	}
	return nil
}
