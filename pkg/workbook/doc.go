// Package workbook turns the bytes of a spreadsheet into sheets of cells.
//
// It reads .xlsx and .xlsm, .xls and WPS .et, .ods, and text tables, by what the bytes are and never by a file's name. It is not a
// spreadsheet library: it writes nothing, and reads of a file what a form needs: cells, merged ranges, what is hidden, and
// whether a number shows as a date.
//
// The invariant: a sheet comes back with every cell that the file holds, or not at all. A part that is cut short, an index
// that points nowhere, a row that goes backwards, a checksum that does not fit: each is an error with its place, and never a
// shorter table. Numbers keep the decimal text that the file has.
//
// What cannot be seen: a changed bit of an .xls that turns a number into another number, a character of a text into another
// character, the style of a cell into another style, or a row or column from shown to hidden, as the format has no checksums. A
// cell that has moved is seen by its row's own record and by the order of the cells, in the files of programs that keep these;
// that a cell, row or sheet is missing is always seen. In text tables the same holds of characters. An .xlsx or .ods has
// checksums, and nothing goes unseen.
//
// Book.Rows takes some 32 MB, however long the file is and however many different texts it has: of an opened File only a piece is in
// memory at a time, and the shared strings that are more than 16 MB go to a temporary file without a name. An .xls whose cells stand in
// an order of its program's own takes 8 bytes more for each of a sheet's. Book.Read takes what the sheet takes.
//
// Memory and time are bounded by Limits, which are counted while reading and not believed from headers. Every error is, or
// wraps, a *reporting.FileError, whose Reason is written for the clerk who sent the file; a panic inside a reader becomes one.
// Only when the disk fails under the file or under the temporary one it is a reporting.Error with the code Unavailable: the file may be
// sound.
package workbook
