// Reads a file with SheetJS and prints the figures that the benchmark compares.
import { readFileSync } from "node:fs";
import * as XLSX from "xlsx";

const data = readFileSync(process.argv[2]);
const start = process.hrtime.bigint();
const book = XLSX.read(data, { dense: true });
let cells = 0;
for (const name of book.SheetNames) {
  const sheet = book.Sheets[name];
  for (const row of sheet["!data"] ?? sheet) cells += row ? row.filter((c) => c).length : 0;
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const peak = Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;
console.log(JSON.stringify({ cells, seconds, peak }));
