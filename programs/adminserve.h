/*
 * A server with an admin socket and little else: what `adminsock serve` is,
 * and an example of how to use admin/admin.h.
 */
#ifndef PROGRAMS_ADMINSERVE_H
#define PROGRAMS_ADMINSERVE_H

#include "admin/admin.h"

/*
 * Serve until a signal comes.  handle, allow and arg of options are filled in
 * here.  Return the exit status.
 */
int adminserve(const struct admin_options *options);

#endif
