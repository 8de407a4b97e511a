/*
 * Reparse points: what NT's file systems keep in the place of data, and what of
 * it is a link.  Layouts: [MS-FSCC] 2.1.2.4 (symbolic link), 2.1.2.5 (junction
 * and volume mount point); WSL's own link is a version number and UTF-8 text
 * (from WSL's published sources and from experience; no document).
 */
#ifndef FILEIO_REPARSE_H
#define FILEIO_REPARSE_H

#include <stddef.h>
#include <stdint.h>

#define REPARSE_SYMLINK 0xa000000cU
#define REPARSE_JUNCTION 0xa0000003U	/* or a volume mounted here */
#define REPARSE_WSL_LINK 0xa000001dU	/* NT itself does not follow it */

static inline int
reparse_is_link(uint32_t tag)
{
	return tag == REPARSE_SYMLINK || tag == REPARSE_JUNCTION ||
	    tag == REPARSE_WSL_LINK;
}

/*
 * The text of the link that FSCTL_GET_REPARSE_POINT told in the first len
 * bytes of buf, as readlink() gives it; free() it.  EINVAL: it is no link.
 * EIO: it is not what it should be.  ENOMEM.
 */
int reparse_text(const void *buf, size_t len, char **text);

#endif
