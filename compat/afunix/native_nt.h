/* NT's own AF_UNIX, Windows 10 build 17063 and later. */
#ifndef AFUNIX_NATIVE_NT_H
#define AFUNIX_NATIVE_NT_H

#include <stdint.h>

/* What sun_path holds, with its NUL. */
#define NATIVE_PATH 108

/* Does socket(AF_UNIX, SOCK_STREAM) work here?  Asked once. */
int native_works(void);

/*
 * Does accept() tell the name of a client that was bound?  No document says so,
 * but a test of .NET's expects it; so try it, once.
 */
int native_tells_names(void);

/*
 * The path as NT's sun_path wants it: UTF-8, as it is but for /tmp and /C:.
 * ENAMETOOLONG beyond 107 bytes.
 */
int native_path(const char *path, char out[NATIVE_PATH]);

/*
 * client: the name that accept() told, "" for none.  The errors of bind are
 * NT's: EADDRINUSE, ENETDOWN for a missing directory, EACCES.
 */
int native_bind_at(uintptr_t sock, const char path[NATIVE_PATH]);
int native_connect_to(uintptr_t sock, const char path[NATIVE_PATH]);
int native_accept_from(uintptr_t sock, uintptr_t *conn,
    char client[NATIVE_PATH]);

/*
 * Have the path to ourselves for a moment: none of our processes is between
 * making a node there and claiming it.
 */
int native_enter(const char *path, uintptr_t *turn);
void native_leave(uintptr_t turn);

/*
 * Claim the node at path for as long as the claim is held; it goes away with
 * the process.  native_listening() shows others that it can be connected to.
 */
int native_claim(const char *path, uintptr_t *claim);
void native_unclaim(uintptr_t claim);
void native_listening(uintptr_t claim);

/* What others see of it; also when it is another user's. */
enum native_holder { NATIVE_NOBODY, NATIVE_BOUND, NATIVE_LISTENS };

enum native_holder native_holder(const char *path);

/* What is there: ENOENT, ENOTDIR, 0 a socket, EADDRINUSE anything else. */
int native_look(const char *path);
int native_remove(const char *path);

/* Let nobody but the owner have the node. */
int native_protect(const char *path);

/* The process at the other end, 0 when not known. */
uint32_t native_peer(uintptr_t sock);

#endif
