package nats

import (
	"context"
	"errors"
	"net"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/reporting"
)

// codes of the errors a caller can do something about. The first that matches counts.
var codes = []struct {
	err  error
	code reporting.Code
}{
	{context.Canceled, reporting.Canceled},
	{context.DeadlineExceeded, reporting.Unavailable},
	{natsgo.ErrTimeout, reporting.Unavailable},
	{natsgo.ErrNoResponders, reporting.Unavailable},
	{natsgo.ErrNoServers, reporting.Unavailable},
	{natsgo.ErrDisconnected, reporting.Unavailable},
	{natsgo.ErrConnectionClosed, reporting.Unavailable},
	{natsgo.ErrConnectionDraining, reporting.Unavailable},
	{natsgo.ErrConnectionReconnecting, reporting.Unavailable},
	{natsgo.ErrReconnectBufExceeded, reporting.Unavailable},
	{natsgo.ErrStaleConnection, reporting.Unavailable},
	{jetstream.ErrNoStreamResponse, reporting.Unavailable},
	{jetstream.ErrNoHeartbeat, reporting.Unavailable},
	{jetstream.ErrConsumerLeadershipChanged, reporting.Unavailable},
	{jetstream.ErrServerShutdown, reporting.Unavailable},
	{jetstream.ErrStreamNotFound, reporting.NotFound},
	{jetstream.ErrConsumerNotFound, reporting.NotFound},
	{jetstream.ErrMsgNotFound, reporting.NotFound},
	{natsgo.ErrMaxPayload, reporting.Invalid},
	{natsgo.ErrBadSubject, reporting.Invalid},
	{natsgo.ErrAuthorization, reporting.Unauthenticated},
	{natsgo.ErrPermissionViolation, reporting.Forbidden},
}

// translate gives an error of the library its code and stops it here: only its text goes on. An error that has a code keeps it.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var ours *reporting.Error
	if errors.As(err, &ours) {
		return err
	}
	return reporting.Errorf(codeOf(err), "%v", err)
}

func codeOf(err error) reporting.Code {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	var network net.Error
	if errors.As(err, &network) {
		return reporting.Unavailable
	}
	var api jetstream.JetStreamError
	if errors.As(err, &api) && api.APIError() != nil && api.APIError().Code == 503 {
		return reporting.Unavailable // the cluster has no leader, or no room
	}
	return reporting.Internal
}
