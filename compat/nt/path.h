/*
 * Paths: UTF-8 with '/' or '\' to what NT opens.
 */
#ifndef NT_PATH_H
#define NT_PATH_H

#include <stddef.h>
#include <stdint.h>

/* The longest path that a call takes, in bytes with the NUL. */
#define NT_PATH_BYTES 4096

/*
 * Convert a POSIX path to a freshly allocated NUL-terminated UTF-16 path that
 * CreateFileW and its like take, absolute with a \\?\ prefix when it needs
 * one.  free() it.  ENOENT for "", EINVAL for bad UTF-8 or a name NT cannot
 * hold (< > : " | ? * control characters, device names), ENAMETOOLONG,
 * EFAULT for NULL, ENOMEM.  /dev/null becomes NUL, /tmp the user's directory
 * for temporary files; /C:/x is C:/x.
 *
 * For what the C runtime and Winsock open.  The library's own calls use
 * fileio/at.h, which knows POSIX's rules for ".." and directories.
 */
int nt_path(const char *path, uint16_t **out);

/*
 * UTF-8 to freshly allocated UTF-16, as it is but for /tmp and /C:: 0, EINVAL,
 * ENAMETOOLONG or ENOMEM.
 */
int nt_wide(const char *path, uint16_t **out);

/* One name of a path: 0, EINVAL or ENAMETOOLONG.  "." and ".." are names. */
int nt_check_name(const uint16_t *name, size_t len);

/* UTF-16 to freshly allocated UTF-8; free() it. */
int nt_utf8(const uint16_t *wide, char **out);

#endif
