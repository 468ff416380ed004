package input

const (
	pageSize  = 4 << 10
	pageCount = 1 << 10
)

// Pages is the memory that Paged takes at most.
const Pages = pageSize * pageCount

// paged keeps pages of a file, each in one place only.
type paged struct {
	file  File
	pages [pageCount]page
}

// page is a piece of the file.
type page struct {
	number int64
	bytes  []byte // nil before the first use
}

// Paged is the file for who reads small pieces of it at many places: some of what was read is kept. It is not for concurrent use.
func Paged(file File) File { return New(&paged{file: file}, file.size) }

func (p *paged) ReadAt(b []byte, at int64) (n int, err error) {
	for n < len(b) {
		bytes, err := p.page(at / pageSize)
		if err != nil {
			return n, err
		}
		m := copy(b[n:], bytes[at%pageSize:])
		n, at = n+m, at+int64(m)
	}
	return n, nil
}

func (p *paged) page(number int64) ([]byte, error) {
	kept := &p.pages[number%pageCount]
	if kept.bytes != nil && kept.number == number {
		return kept.bytes, nil
	}
	if kept.bytes == nil {
		kept.bytes = make([]byte, pageSize)
	}
	at := number * pageSize
	kept.number, kept.bytes = number, kept.bytes[:min(pageSize, p.file.size-at)]
	if err := p.file.Read(kept.bytes, at); err != nil {
		kept.bytes = nil
		return nil, err
	}
	return kept.bytes, nil
}
