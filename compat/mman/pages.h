/*
 * What NT does with addresses: reservations, views of sections, protections.
 * Sizes and addresses are multiples of PAGE; where NT reserves or maps, bases
 * and offsets are multiples of GRANULE.  0 or a positive errno.
 */
#ifndef MMAN_PAGES_H
#define MMAN_PAGES_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#define PAGE ((uintptr_t)4096)
#define GRANULE ((uintptr_t)65536)
#define ROUND_DOWN(x, unit) ((x) & ~((unit) - 1))
#define ROUND_UP(x, unit) (((x) + (unit) - 1) & ~((unit) - 1))

/* How a file is mapped; what mprotect can reach later depends on it. */
#define VIEW_WRITE 1		/* writes go to the file */
#define VIEW_COPY 2		/* writes stay private */
#define VIEW_EXEC 4

/* Private memory: addresses first, pages when they are committed. */
int pages_reserve(uintptr_t at, size_t size, uintptr_t *base);
void pages_release(uintptr_t base);
int pages_commit(uintptr_t addr, size_t size, int prot);
void pages_decommit(uintptr_t addr, size_t size);

/* view: VIEW_* of the view that the pages are in, or 0. */
int pages_protect(uintptr_t addr, size_t size, int prot, int view);

/* Protect what is not ours: ENOMEM where nothing is mapped. */
int pages_protect_foreign(uintptr_t addr, size_t size, int prot);

/* Does the page at addr permit prot now?  Is anything there at all? */
int pages_permits(uintptr_t addr, int prot);
int pages_is_free(uintptr_t addr, size_t size);

int pages_lock(uintptr_t addr, size_t size);
int pages_unlock(uintptr_t addr, size_t size);

/* A section of the size that the file has now; ENODATA for an empty one. */
struct section {
	uintptr_t handle;
	off_t size;
};

int section_open(uintptr_t file, int view, struct section *);
void section_close(struct section *);

/*
 * Map size bytes at offset off, at address at or (0) anywhere.  The view keeps
 * the section.
 */
int view_map(const struct section *, int view, off_t off, size_t size,
    uintptr_t at, uintptr_t *base);
void view_unmap(uintptr_t base);

/* Hand changed pages to the file; then have the file written to the disk. */
int view_flush(uintptr_t addr, size_t size);
int file_flush(uintptr_t file);

/* A handle of our own to the same file. */
int file_handle_dup(uintptr_t file, int writable, uintptr_t *copy);

/* From now on map_fault() is asked about every fault. */
int fault_watch(void);

#endif
