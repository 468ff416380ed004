package intake

import (
	"bytes"
	"context"
	"fmt"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// unpacked is a file of an archive, held by itself.
type unpacked struct {
	*hold
	name string
}

func discard(files []*unpacked) {
	for _, f := range files {
		f.Discard()
	}
}

// unpack holds each file of an archive, within the quota of who sends it; none of any other file, nor of an archive that cannot be unpacked:
// the judge says what is wrong with that. All are held before anything is made of one, so that an archive is taken in whole or not at all.
func (in *Intake) unpack(ctx context.Context, who access.Principal, archive *hold) (files []*unpacked, err error) {
	file, err := archive.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	packed, err := in.Recogniser.Unpack(ctx, who.Account, file)
	if _, told := reporting.FindingOf(err); told {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", archive.Sum, err)
	}
	for _, p := range packed {
		h, err := in.hold(ctx, who, bytes.NewReader(p.Data))
		if err != nil {
			discard(files)
			return nil, err
		}
		files = append(files, &unpacked{h, p.Name})
	}
	return files, nil
}

// takeUnpacked makes submissions of the files of an archive. The receipt is that of the first.
func (in *Intake) takeUnpacked(ctx context.Context, who access.Principal, files []*unpacked, e reporting.Envelope) (receipt reporting.Receipt, err error) {
	defer discard(files) // those that were not kept
	for i, f := range files {
		e.FileName = cleanName(f.name)
		r, err := in.takeForms(ctx, who, f.hold, e, nil)
		if err != nil {
			return receipt, err
		}
		if i == 0 {
			receipt = r
			continue
		}
		receipt.Further = append(receipt.Further, r.All()...)
	}
	return receipt, nil
}
