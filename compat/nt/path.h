/*
 * Paths: UTF-8 with '/' or '\' to what NT opens.
 */
#ifndef NT_PATH_H
#define NT_PATH_H

#include <stddef.h>
#include <stdint.h>

/*
 * Convert a POSIX path to a freshly allocated NUL-terminated UTF-16 path that
 * CreateFileW and its like take, absolute with a \\?\ prefix when it needs
 * one.  free() it.  ENOENT for "", EILSEQ -> EINVAL for bad UTF-8 or a name NT
 * cannot hold (< > : " | ? * control characters, device names), ENAMETOOLONG,
 * EFAULT for NULL, ENOMEM.  /dev/null becomes NUL, /tmp the user's directory
 * for temporary files; /C:/x is C:/x.
 */
int nt_path(const char *path, uint16_t **out);

/* UTF-16 to freshly allocated UTF-8; free() it. */
int nt_utf8(const uint16_t *wide, char **out);

#endif
