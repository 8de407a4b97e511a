/*
 * Sections and their views.  A section is made for each mapping and closed at
 * once: the view keeps it, and NT has the pages of a file only once, so that
 * all views, reads and writes agree.
 */
#include "mman/pages.h"

#include "fileio/path_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

static ULONG
section_prot(int view)
{
	if (view & VIEW_EXEC) {
		if (view & VIEW_COPY)
			return PAGE_EXECUTE_WRITECOPY;
		return view & VIEW_WRITE ? PAGE_EXECUTE_READWRITE :
		    PAGE_EXECUTE_READ;
	}
	if (view & VIEW_COPY)
		return PAGE_WRITECOPY;
	return view & VIEW_WRITE ? PAGE_READWRITE : PAGE_READONLY;
}

static ACCESS_MASK
section_access(int view)
{
	ACCESS_MASK a = SECTION_QUERY | SECTION_MAP_READ;

	if (view & VIEW_WRITE)
		a |= SECTION_MAP_WRITE;
	if (view & VIEW_EXEC)
		a |= SECTION_MAP_EXECUTE;
	return a;
}

static int
section_errno(NTSTATUS status)
{
	switch (status) {
	case STATUS_CONFLICTING_ADDRESSES:
	case STATUS_INVALID_VIEW_SIZE:
	case STATUS_SECTION_TOO_BIG:
	case STATUS_NO_MEMORY:
	case STATUS_INSUFFICIENT_RESOURCES:
	case STATUS_INVALID_PAGE_PROTECTION:
		return ENOMEM;
	case STATUS_MAPPED_FILE_SIZE_ZERO:
		return ENODATA;		/* for us only; see map_file.c */
	case STATUS_INVALID_FILE_FOR_SECTION:
		return ENODEV;
	case STATUS_FILE_LOCK_CONFLICT:
		return EAGAIN;
	default:
		return nt_status_errno(status);
	}
}

/* As it was when the section was made; the file may have grown since. */
static int
section_size(HANDLE s, off_t *size)
{
	struct {
		PVOID base;
		ULONG attributes;
		LARGE_INTEGER size;
	} info;		/* SECTION_BASIC_INFORMATION, class 0 */
	NTSTATUS status;

	status = nt.NtQuerySection(s, 0, &info, sizeof(info), NULL);
	if (status != STATUS_SUCCESS)
		return section_errno(status);
	*size = info.size.QuadPart;
	return 0;
}

int
section_open(uintptr_t file, int view, struct section *section)
{
	HANDLE h = (HANDLE)file, exec = NULL, s;
	NTSTATUS status;
	int err;

	/* NT asks for a right that GENERIC_READ does not include. */
	if (view & VIEW_EXEC) {
		exec = nt.ReOpenFile(h, GENERIC_READ | GENERIC_EXECUTE |
		    (view & VIEW_WRITE ? GENERIC_WRITE : 0), SHARE_ALL, 0);
		if (exec == INVALID_HANDLE_VALUE)
			return nt_errno(GetLastError());
		h = exec;
	}
	status = nt.NtCreateSection(&s, section_access(view), NULL, NULL,
	    section_prot(view), SEC_COMMIT, h);
	if (exec != NULL)
		(void)CloseHandle(exec);
	if (status != STATUS_SUCCESS)
		return section_errno(status);
	section->handle = (uintptr_t)s;
	if ((err = section_size(s, &section->size)) != 0)
		(void)CloseHandle(s);
	return err;
}

void
section_close(struct section *s)
{
	if (s->handle != 0)
		(void)CloseHandle((HANDLE)s->handle);
}

int
view_map(const struct section *s, int view, off_t off, size_t size,
    uintptr_t at, uintptr_t *base)
{
	LARGE_INTEGER o = { .QuadPart = off };
	PVOID addr = (PVOID)at;
	SIZE_T n = size;
	NTSTATUS status;

	/* NT rounds up to a page, but not beyond the section's last byte. */
	if ((off_t)n > s->size - off)
		n = (SIZE_T)(s->size - off);
	/* 2: ViewUnmap, children do not get it. */
	status = nt.NtMapViewOfSection((HANDLE)s->handle, GetCurrentProcess(),
	    &addr, 0, 0, &o, &n, 2, 0, section_prot(view));
	if (status != STATUS_SUCCESS)
		return section_errno(status);
	*base = (uintptr_t)addr;
	return 0;
}

void
view_unmap(uintptr_t base)
{
	(void)NtUnmapViewOfSection(GetCurrentProcess(), (PVOID)base);
}

int
view_flush(uintptr_t addr, size_t size)
{
	if (nt.FlushViewOfFile((void *)addr, size))
		return 0;
	return nt_errno(GetLastError());
}

int
file_flush(uintptr_t file)
{
	if (nt.FlushFileBuffers((HANDLE)file))
		return 0;
	return nt_errno(GetLastError());
}

/*
 * A file object of our own: with a second handle to the descriptor's, its
 * locks would outlive close().  NT does not reopen what is unlinked; then it
 * has to be that handle.
 */
int
file_handle_dup(uintptr_t file, int writable, uintptr_t *copy)
{
	HANDLE self = GetCurrentProcess(), h;

	h = nt.ReOpenFile((HANDLE)file, GENERIC_READ | (writable ?
	    GENERIC_WRITE : 0), SHARE_ALL, FILE_FLAG_OVERLAPPED);
	if (h != INVALID_HANDLE_VALUE) {
		*copy = (uintptr_t)h;
		return 0;
	}
	if (!nt.DuplicateHandle(self, (HANDLE)file, self, &h, 0, FALSE,
	    DUPLICATE_SAME_ACCESS))
		return nt_errno(GetLastError());
	*copy = (uintptr_t)h;
	return 0;
}
