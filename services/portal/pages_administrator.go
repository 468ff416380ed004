package portal

import "huizong/pkg/endpoint"

func (p *Portal) administratorPages() []endpoint.Endpoint {
	return nil
}
