// Reads an .xlsx with exceljs, row by row, and prints the figures that the benchmark compares.
import { readFileSync } from "node:fs";
import ExcelJS from "exceljs";

const start = process.hrtime.bigint();
const reader = new ExcelJS.stream.xlsx.WorkbookReader(process.argv[2], { sharedStrings: "cache", worksheets: "emit", styles: "cache" });
let cells = 0;
for await (const sheet of reader) {
  for await (const row of sheet) cells += row.actualCellCount;
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const peak = Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;
console.log(JSON.stringify({ cells, seconds, peak }));
