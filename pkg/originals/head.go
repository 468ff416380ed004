package originals

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// Head says how many entries the journal has at least, and which is the last of them. Every entry with a receipt is counted: the head is
// written after the names of a batch are durable and before its senders are answered. So the journal may be a batch longer than its head,
// and is never shorter.
type Head struct {
	Seq     uint64    `json:"seq"`     // of the head itself: 1, 2, 3, …
	Journal string    `json:"journal"` // id of the first entry, which names the journal; "" of an empty one
	Count   int       `json:"count"`
	ID      string    `json:"id"`     // of the last entry
	SHA256  string    `json:"sha256"` // of the last entry's file
	At      time.Time `json:"at"`
}

// The head's file has two places for it, which are written in turn and in place: one sync, and no new name. If we crash within a write,
// the other place holds the head before it, which is right: nobody was answered. The bytes are JSON, padded with spaces.
const (
	headFile  = "journal.head"
	headPlace = 512 // a sector: a disk writes it whole, or not
)

// signedHead is what stands in the file.
type signedHead struct {
	Head
	Signature []byte `json:"signature"` // by the journal's key, over the JSON of the Head
}

// pointer keeps the head of a store's journal.
type pointer struct {
	path, keyPath string
	disk          *durable.Disk
	key           ed25519.PrivateKey // nil: this store may only read, or the key is not made yet
	public        ed25519.PublicKey
	readOnly      bool
	last          Head // as it stands in the file; zero where there is none
	place         int  // in which it stands
	found         bool // there is a file
	uncounted     int  // entries that were found behind the head at the start
}

// read reads the file. Error: a *Damage where it is not ours, or says nothing.
func (p *pointer) read() error {
	p.last, p.place, p.found = Head{}, 1, false
	data, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return durable.Error("read the journal's head", err)
	}
	p.found = true
	foreign := false
	for place := range 2 {
		var h signedHead
		text := data[min(len(data), place*headPlace):min(len(data), (place+1)*headPlace)]
		if json.Unmarshal(text, &h) != nil {
			continue // empty, or cut off by a crash
		}
		if signed, err := json.Marshal(h.Head); err != nil || !ed25519.Verify(p.public, signed, h.Signature) {
			foreign = true
			continue
		}
		if h.Seq > p.last.Seq {
			p.last, p.place = h.Head, place
		}
	}
	switch {
	case p.last.Seq > 0:
		return nil
	case foreign:
		return &Damage{Kind: HeadForeign, Path: p.path, KeyPath: p.keyPath}
	default:
		return &Damage{Kind: HeadDamaged, Path: p.path, KeyPath: p.keyPath}
	}
}

// write writes the head that follows the last one, and syncs it. If we crash in here, the place that is not written stands.
func (p *pointer) write(h Head) error {
	h.Seq = p.last.Seq + 1
	text, err := p.sign(h)
	if err != nil {
		return err
	}
	place := 1 - p.place
	if !p.found {
		place, err = 0, p.create(text)
	} else {
		err = p.put(text, place)
	}
	if err != nil {
		return durable.Error("write the journal's head", err)
	}
	p.last, p.place, p.found = h, place, true
	return nil
}

func (p *pointer) sign(h Head) ([]byte, error) {
	signed, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(signedHead{h, ed25519.Sign(p.key, signed)})
	if err != nil || len(text) >= headPlace {
		return nil, reporting.Errorf(reporting.Internal, "the journal's head has %d bytes, not fewer than %d: %v", len(text), headPlace, err)
	}
	return append(append(text, bytes.Repeat([]byte{' '}, headPlace-1-len(text))...), '\n'), nil
}

func (p *pointer) put(text []byte, place int) error {
	f, err := os.OpenFile(p.path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(text, int64(place*headPlace)); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(p.disk.Sync(f), f.Close())
}

// create makes the file, with its second place empty.
func (p *pointer) create(text []byte) error {
	empty := append(bytes.Repeat([]byte{' '}, headPlace-1), '\n')
	return p.disk.Replace(p.path, append(text, empty...))
}

// meet compares the head with the journal that was found. Where a crash came between the journal's last batch and its head, it writes the
// head anew. Error: a *Damage.
func (p *pointer) meet(j *journal) error {
	end := j.end()
	switch {
	case !p.found && j.keepsHead:
		return &Damage{Kind: HeadMissing, Path: p.path, KeyPath: p.keyPath, Kept: len(j.records)}
	case p.last.Count > 0 && len(j.records) > 0 && end.Journal != p.last.Journal:
		return &Damage{Kind: OtherJournal, Path: p.path, Kept: len(j.records), Lost: p.last.Count}
	case p.last.Count > len(j.records):
		return &Damage{Kind: TooShort, Path: p.path, Kept: len(j.records), Lost: p.last.Count - len(j.records)}
	}
	if p.last.Count > 0 {
		if last := j.records[p.last.Count-1]; last.sum != p.last.SHA256 || last.envelope.ID != p.last.ID {
			return &Damage{Kind: EndAltered, Path: p.path, Kept: p.last.Count - 1, Lost: 1, Entry: last.envelope.ID}
		}
	}
	if p.found {
		p.uncounted = len(j.records) - p.last.Count
	}
	if p.readOnly || p.found && p.last.Count == len(j.records) {
		return nil
	}
	if p.key == nil { // there never was a head
		if err := p.makeKey(); err != nil {
			return err
		}
	}
	return p.write(end)
}

// end is the head of the journal as it is.
func (j *journal) end() Head {
	if len(j.records) == 0 {
		return Head{At: time.Now().UTC().Truncate(time.Second)}
	}
	last := j.head()
	return Head{Journal: j.records[0].envelope.ID, Count: len(j.records), ID: last.envelope.ID, SHA256: last.sum, At: last.envelope.ReceivedAt}
}
