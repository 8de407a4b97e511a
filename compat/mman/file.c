#include "mman/map.h"

#include <errno.h>
#include <stdlib.h>

#include "fileio/disk.h"

/* Not the descriptor's handle: a mapping outlives close(). */
int
map_file_new(uintptr_t handle, int writable, struct map_file **fp)
{
	struct map_file *f;
	int err;

	if ((f = malloc(sizeof(*f))) == NULL)
		return ENOMEM;
	if ((err = file_handle_dup(handle, writable, &f->handle)) != 0) {
		free(f);
		return err;
	}
	f->refs = 1;
	f->writable = writable;
	*fp = f;
	return 0;
}

void
map_file_put(struct map_file *f)
{
	if (f == NULL || --f->refs > 0)
		return;
	handle_close(f->handle);
	free(f);
}

/* How much of [off, off + max) the file's pages cover now. */
int
map_file_size(uintptr_t handle, off_t off, size_t max, size_t *size)
{
	off_t end;
	int err;

	if ((err = handle_size(handle, &end)) != 0)
		return err;
	if (end <= off)
		*size = 0;
	else if ((uint64_t)(end - off) >= max)
		*size = max;
	else
		*size = ROUND_UP((size_t)(end - off), PAGE);
	return 0;
}
