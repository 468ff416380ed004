package portal

import "huizong/pkg/endpoint"

func (p *Portal) reviewerPages() []endpoint.Endpoint {
	return nil
}
