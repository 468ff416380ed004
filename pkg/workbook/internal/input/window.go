package input

// Window keeps the piece of a file that is looked at, and reads another one where that does not do.
type Window struct {
	file File
	step int // how much is read at once
	at   int // of now
	now  []byte
	buf  []byte
	err  error
}

// NewWindow looks at a file from its beginning. It reads so much at once, or more where more is asked for.
func NewWindow(file File, step int) *Window { return &Window{file: file, step: step} }

// Size is that of the file.
func (w *Window) Size() int { return int(w.file.size) }

// Err is the fault of the disk that has ended the reading; nil while there is none.
func (w *Window) Err() error { return w.err }

// Bytes returns n bytes of the file, which are valid until the next call. It returns nil where the file has not so many, or the disk
// fails.
func (w *Window) Bytes(at, n int) []byte {
	if i := at - w.at; i >= 0 && i+n <= len(w.now) {
		return w.now[i : i+n : i+n]
	}
	return w.fill(at, n)
}

func (w *Window) fill(at, n int) []byte {
	if at < 0 || at > w.Size() || n > w.Size()-at || w.err != nil {
		return nil
	}
	m := min(max(n, w.step), w.Size()-at)
	if cap(w.buf) < m {
		w.buf = make([]byte, m)
	}
	w.at, w.now = at, w.buf[:m]
	if w.err = w.file.Read(w.now, int64(at)); w.err != nil {
		w.now = nil
		return nil
	}
	return w.now[:n:n]
}
