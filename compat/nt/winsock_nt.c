#include "nt/calls_nt.h"

struct winsock_calls winsock = {
#define X(name) .name = name,
	WINSOCK_CALLS(X)
#undef X
};
