/* Which file a program is, and of what sort. */
#ifndef PROCESS_IMAGE_H
#define PROCESS_IMAGE_H

#include <stdint.h>

enum image_sort {
	IMAGE_NATIVE,
	IMAGE_COMPAT,			/* a program with libcompat in it */
	IMAGE_BATCH,			/* for cmd.exe */
	IMAGE_SCRIPT,			/* begins with #! */
	IMAGE_TEXT			/* whatever else */
};

struct image {
	enum image_sort sort;
	uint16_t *path;			/* absolute */
	char *interpreter, *argument;	/* of a script; argument may be NULL */
};

/*
 * Look at the file that path (UTF-8) names, with one of PATHEXT's endings if
 * need be: 0, ENOENT, EACCES...  image_free() what was found.
 */
int image_find(const char *path, struct image *);
void image_free(struct image *);

#endif
