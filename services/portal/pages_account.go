package portal

import "huizong/pkg/endpoint"

func (p *Portal) accountPages() []endpoint.Endpoint {
	return nil
}
