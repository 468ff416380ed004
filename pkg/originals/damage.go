package originals

import "fmt"

// DamageKind says what is wrong with a journal.
type DamageKind string

// The kinds.
const (
	Broken       DamageKind = "broken"        // an entry cannot be read, or does not follow from the one before it
	TooShort     DamageKind = "too_short"     // the head has counted more entries
	EndAltered   DamageKind = "end_altered"   // the last entry that the head has counted is another
	OtherJournal DamageKind = "other_journal" // the head is that of another journal
	HeadMissing  DamageKind = "head_missing"  // the journal had a head
	HeadDamaged  DamageKind = "head_damaged"  // neither of its places can be read
	HeadForeign  DamageKind = "head_foreign"  // it was signed with another key, or altered
	KeyMissing   DamageKind = "key_missing"   // the head's key is gone, or cut
)

// Damage is an error: what is wrong with a journal, and how much of it holds. Accept takes the journal as it is.
type Damage struct {
	Kind    DamageKind
	Path    string // of the head
	KeyPath string
	Entry   string // that is wrong: its id or its file
	Kept    int    // entries from the beginning that hold together
	Lost    int    // entries behind them that had been counted, or are there and do not hold
	Err     error  // of Broken

	aside []string // names of files that Accept puts aside
}

func (d *Damage) Error() string {
	switch d.Kind {
	case Broken:
		return d.Err.Error()
	case TooShort:
		return fmt.Sprintf("the journal has %d entries, and has had %d (%s): the last %d are missing, or an old backup was put back", d.Kept, d.Kept+d.Lost, d.Path, d.Lost)
	case EndAltered:
		return fmt.Sprintf("entry %s, number %d, was altered after it was written (%s), or others were put in the place of the last ones", d.Entry, d.Kept+1, d.Path)
	case OtherJournal:
		return fmt.Sprintf("the folder of envelopes holds another journal than the one whose head is %s, of %d entries", d.Path, d.Lost)
	case HeadMissing:
		return fmt.Sprintf("the journal's head %s is missing: the end of the journal cannot be checked without it", d.Path)
	case HeadDamaged:
		return fmt.Sprintf("the journal's head %s cannot be read", d.Path)
	case HeadForeign:
		return fmt.Sprintf("the journal's head %s was altered, or signed with another key than %s", d.Path, d.KeyPath)
	}
	return fmt.Sprintf("the journal's key %s is missing or cut off", d.KeyPath)
}

func (d *Damage) Unwrap() error { return d.Err }

// Stray is an error: something in the folder of envelopes that is none. It may be an entry under another name, so it is not passed over.
type Stray struct{ Path string }

func (s *Stray) Error() string { return s.Path + " is not an envelope's name" }
