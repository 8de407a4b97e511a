/* A program with AF_UNIX sockets of NT's own that knows nothing of libcompat. */
#ifndef TESTS_PLAIN_H
#define TESTS_PLAIN_H

#include <stdint.h>

/* A listener at path, 0 if there is none; who connects is accepted. */
uintptr_t plain_listen(const char *path);
uintptr_t plain_accept(uintptr_t listener);

/* Connect to path, 0 if nobody is there. */
uintptr_t plain_connect(const char *path);
void plain_close(uintptr_t sock);

/* One byte: 0, or -1. */
int plain_put(uintptr_t sock, char c);

#endif
