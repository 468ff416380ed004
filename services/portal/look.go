package portal

import (
	"context"

	"huizong/pkg/access"
	"huizong/pkg/judge"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
)

// What is looked at where a file is read: a workbook of millions of cells stays there, and what a page shows of it comes back.
const (
	pictureView = "picture"
	windowView  = "window"
	cellView    = "cell"
)

// Views are for main to give to judge.RunIfChild.
func Views() map[string]judge.View {
	return map[string]judge.View{pictureView: judge.ViewOf(lookAt), windowView: judge.ViewOf(lookThrough), cellView: judge.ViewOf(lookAround)}
}

// look has a view look at a submission's file, when it is the turn of whoever asks.
func (p *Portal) look(ctx context.Context, view string, e reporting.Envelope, request, seen any) error {
	file, err := p.Store.OpenFile(e.SHA256)
	if err != nil {
		return err
	}
	defer file.Close()
	return p.Reader.Look(ctx, access.From(ctx).Account, view, file, e, request, seen)
}

// lookAt draws a picture; nil where there is no sheet to show.
func lookAt(o judge.Opened, of picture.Input) (*picture.Picture, error) {
	var err error
	if of.Sheets, err = o.Sheets(); err != nil {
		return nil, err
	}
	return picture.Draw(of), nil
}

// picture has a picture of a file drawn. A file that no sheet can be read of has none; its finding says why.
func (p *Portal) picture(ctx context.Context, sum string, of picture.Input) (drawn *picture.Picture, err error) {
	err = p.look(ctx, pictureView, reporting.Envelope{SHA256: sum}, of, &drawn)
	if _, damaged := reporting.FindingOf(err); damaged {
		return nil, nil
	}
	return drawn, err
}
