package unzip

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
)

// packed is a zip of two parts: a short one, and one long enough to be read ahead.
func packed(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{"xl/A.xml": "hello", "xl/b.xml": strings.Repeat("0123456789", 200_000)} {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(data []byte) input.File { return input.New(bytes.NewReader(data), int64(len(data))) }

func read(a *Archive, name string) (string, error) {
	r, err := a.Open(name)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestOpen(t *testing.T) {
	a, err := Open(file(packed(t)), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := read(a, `\XL\a.XML`); err != nil || text != "hello" {
		t.Errorf("a: %q, %v", text, err)
	}
	if text, err := read(a, "/xl/b.xml"); err != nil || len(text) != 2_000_000 {
		t.Errorf("b: %d bytes, %v", len(text), err)
	}
	if _, err := read(a, "xl/c.xml"); err == nil {
		t.Error("c: no error")
	}
}

// TestCloseEarly sees that a part may be left in the middle, and the archive read on.
func TestCloseEarly(t *testing.T) {
	a, err := Open(file(packed(t)), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		r, err := a.Open("xl/b.xml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(r.Close(), r.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := read(a, "xl/b.xml"); err != nil || len(text) != 2_000_000 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// patch changes the directory's entry of the short part, and sometimes the local header too.
func patch(t *testing.T, change func(local, directory []byte)) []byte {
	t.Helper()
	data := packed(t)
	find := func(signature string) []byte {
		for at := 0; ; {
			i := bytes.Index(data[at:], []byte(signature))
			if i < 0 {
				t.Fatal("no entry")
			}
			at += i + 4
			if bytes.Contains(data[at:at+60], []byte("xl/A.xml")) {
				return data[at-4:]
			}
		}
	}
	change(find("PK\x03\x04"), find("PK\x01\x02"))
	return data
}

func TestRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change func(local, directory []byte)
		cause  string
	}{
		"size too large": {func(_, d []byte) { d[24]++ }, "its header says"},
		"size too small": {func(_, d []byte) { d[24]-- }, "longer than its header"},
		"checksum":       {func(_, d []byte) { d[16]++ }, "checksum"},
		"other name":     {func(l, _ []byte) { l[33] = 'Z' }, "differ"},
		"same name":      {func(l, d []byte) { l[33], d[49] = 'B', 'B' }, "two entries"},
		"method":         {func(l, d []byte) { l[8], d[10] = 12, 12 }, "method 12"},
		"other method":   {func(_, d []byte) { d[10] = 0 }, "differ"},
		"offset":         {func(_, d []byte) { d[42]++ }, "does not begin"},
		"packed size":    {func(_, d []byte) { d[22] = 0xFF }, "cut short"},
		"packed shorter": {func(_, d []byte) { d[20]-- }, ""},
		"packed longer":  {func(_, d []byte) { d[20]++ }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Open(file(patch(t, test.change)), limits.Default())
			if err == nil {
				_, err = read(a, "xl/A.xml")
			}
			var e *reporting.FileError
			if !errors.As(err, &e) || e.Code != reporting.UnreadableFile || !strings.Contains(err.Error(), test.cause) {
				t.Errorf("got %v", err)
			}
		})
	}
	data := packed(t)
	for n := range len(data) {
		if n%97 == 0 || n > len(data)-100 {
			if _, err := Open(file(data[:n]), limits.Default()); err == nil {
				t.Errorf("cut at %d: no error", n)
			}
		}
	}
	if _, err := Open(file(append(data, 0)), limits.Default()); err == nil {
		t.Error("a byte behind the end: no error")
	}
}

// TestEmptyBlocks reads a part with more blocks that unpack to nothing than are held at once, also such as goes on unpacked.
func TestEmptyBlocks(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	text := strings.Repeat("0123456789", 60_000)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		f, err := flate.NewWriter(out, flate.NoCompression)
		return emptyBlocks{f, out}, err
	})
	f, err := w.Create("x")
	if err == nil {
		_, err = io.WriteString(f, text)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	for _, damage := range []int{0, 1} {
		data := bytes.Clone(b.Bytes())
		data[len(data)/2] ^= byte(damage)
		a, err := Open(file(data), limits.Default())
		if err != nil {
			t.Fatal(err)
		}
		got, err := read(a, "x")
		if (err != nil) != (damage > 0) || err == nil && got != text {
			t.Errorf("damage %d: %d bytes of %d, %v", damage, len(got), len(text), err)
		}
	}
}

// emptyBlocks puts a megabyte of empty blocks into the middle of what is packed.
type emptyBlocks struct {
	*flate.Writer
	out io.Writer
}

func (e emptyBlocks) Write(b []byte) (int, error) {
	n, err := e.Writer.Write(b[:len(b)/2])
	err = errors.Join(err, e.Flush())
	_, err2 := e.out.Write(bytes.Repeat([]byte("\x00\x00\x00\xFF\xFF"), 200_000))
	m, err3 := e.Writer.Write(b[len(b)/2:])
	return n + m, errors.Join(err, err2, err3)
}

// TestDiskFails wants a fault of the disk back as such, wherever it comes.
func TestDiskFails(t *testing.T) {
	data, failed := packed(t), 0
	for bad := range data {
		a, err := Open(input.New(badDisk{bytes.NewReader(data), int64(bad)}, int64(len(data))), limits.Default())
		for _, name := range []string{"xl/a.xml", "xl/b.xml"} {
			if err == nil {
				_, err = read(a, name)
			}
		}
		if err != nil {
			failed++
		}
		var refused *reporting.FileError
		if err != nil && reporting.CodeOf(err) != reporting.Unavailable || errors.As(err, &refused) {
			t.Fatalf("byte %d: %v", bad, err)
		}
	}
	if failed < len(data)*9/10 {
		t.Errorf("%d of %d bytes are read", failed, len(data))
	}
}

var errDisk = errors.New("bad sector")

// badDisk cannot read one byte.
type badDisk struct {
	*bytes.Reader
	bad int64
}

func (d badDisk) ReadAt(b []byte, at int64) (int, error) {
	if at <= d.bad && d.bad < at+int64(len(b)) {
		return 0, errDisk
	}
	return d.Reader.ReadAt(b, at)
}

func TestLimits(t *testing.T) {
	for name, l := range map[string]limits.Limits{"unpacked": {Unpacked: 1_000_000}, "entries": {Entries: 1}} {
		a, err := Open(file(packed(t)), l.WithDefaults())
		if err == nil {
			_, err = read(a, "xl/b.xml")
		}
		var e *reporting.FileError
		if !errors.As(err, &e) || e.Code != reporting.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}
