package portal

import "huizong/pkg/endpoint"

func (p *Portal) analystPages() []endpoint.Endpoint {
	return nil
}
