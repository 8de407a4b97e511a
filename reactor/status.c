/* Names of the status numbers. */
#include "reactor.h"

static const char *const low[] = {
	"success", "not_implemented_yet", "wrong_address", "not_allowed",
	"null_message", "invalid_message", "invalid_op_code",
	"invalid_headers_len", "invalid_body_len", "invalid_more_usage",
	"invalid_channel_number", "invalid_mchn_group", "invalid_message_id",
	"invalid_address", "uds_path_not_found", "notification_disabled",
	"notification_failed", "peer_disconnected", "communication_failed",
	"pool_empty", "allocation_failed", "receiver_update",
	"channel_closed", "shutdown_started", "connect_failed",
	"listen_failed", "accept_failed", "send_failed", "recv_failed",
	"setsockopt_failed", "processing_failed", "unknown_error"
};

static const char *const high[] = {
	"timeout", "queue_full", "is_listener", "channel_closing",
	"table_full", "reserved_bits", "handshake", "resolve_failed",
	"no_thread", "too_many_files"
};

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

_Static_assert(sizeof(low) / sizeof(low[0]) == REACTOR_UNKNOWN_ERROR + 1,
    "a status of the protocol has no name");
_Static_assert(sizeof(high) / sizeof(high[0]) ==
    REACTOR_TOO_MANY_FILES - REACTOR_TIMEOUT + 1, "a status has no name");

const char *
reactor_status_name(int status)
{
	if (status >= 0 && status < COUNT(low))
		return low[status];
	if (status >= REACTOR_TIMEOUT && status - REACTOR_TIMEOUT < COUNT(high))
		return high[status - REACTOR_TIMEOUT];
	return "unknown_status";
}
