/* NT's own AF_UNIX, Windows 10 build 17063 and later. */
#ifndef AFUNIX_NATIVE_NT_H
#define AFUNIX_NATIVE_NT_H

#include <stdint.h>

/* Does socket(AF_UNIX, SOCK_STREAM) work here?  Asked once. */
int native_works(void);

/*
 * The path as NT's sun_path wants it: UTF-8, what nt_path() makes of it where
 * that fits.  ENAMETOOLONG beyond 107 bytes.
 */
int native_path(const char *path, char out[108]);

/*
 * Claim path for as long as the claim is held: EADDRINUSE when another live
 * process of ours has it, bound or about to be.
 */
int native_claim(const char *path, uintptr_t *claim);
void native_unclaim(uintptr_t claim);

/* What is there: ENOENT, 0 a socket, EADDRINUSE anything else. */
int native_look(const char *path);
int native_remove(const char *path);

/* The process at the other end, 0 when not known. */
uint32_t native_peer(uintptr_t sock);

#endif
