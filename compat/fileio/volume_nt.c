#include "fileio/volume.h"

#include <string.h>

#include "fileio/at_nt.h"
#include "nt/calls_nt.h"
#include "nt/errmap.h"

/* In no public header. */
struct full_size {
	LARGE_INTEGER total, available, free;
	ULONG sectors, bytes;
};

struct attributes {
	ULONG flags;
	LONG name_max;
	ULONG name_bytes;
	WCHAR name[MAX_PATH + 1];
};

struct label {
	LARGE_INTEGER created;
	ULONG number, label_bytes;
	BOOLEAN objects;
	WCHAR label[MAX_PATH + 1];
};

/* FS_INFORMATION_CLASS */
enum { LABEL = 1, ATTRIBUTES = 5, FULL_SIZE = 7 };

static NTSTATUS
query(HANDLE h, int class, void *to, ULONG size)
{
	IO_STATUS_BLOCK iosb;

	(void)memset(to, 0, size);
	return NtQueryVolumeInformationFile(h, &iosb, to, size,
	    (FS_INFORMATION_CLASS)class);
}

static int
volume_of(HANDLE h, struct volume *v)
{
	struct full_size size;
	struct attributes a;
	struct label label;
	NTSTATUS status;

	if (!NT_SUCCESS(status = query(h, FULL_SIZE, &size, sizeof(size))) ||
	    !NT_SUCCESS(status = query(h, ATTRIBUTES, &a, sizeof(a))))
		return nt_status_errno(status);
	v->unit = (uint64_t)size.sectors * size.bytes;
	v->total = (uint64_t)size.total.QuadPart;
	v->free = (uint64_t)size.free.QuadPart;
	v->available = (uint64_t)size.available.QuadPart;
	v->name_max = (uint32_t)a.name_max;
	v->read_only = (a.flags & FILE_READ_ONLY_VOLUME) != 0;
	v->is_ntfs = a.name_bytes == 8 && wcsncmp(a.name, L"NTFS", 4) == 0;
	v->number = NT_SUCCESS(query(h, LABEL, &label, sizeof(label))) ?
	    label.number : 0;
	return 0;
}

int
volume_of_name(const struct at_name *n, struct volume *v)
{
	HANDLE h;
	int err;

	if (n->special != AT_NO_SPECIAL)
		return ENOSYS;
	if ((err = at_open(n, FILE_READ_ATTRIBUTES, 0, &h)) != 0)
		return err;
	err = volume_of(h, v);
	(void)CloseHandle(h);
	return err;
}

int
volume_of_handle(uintptr_t handle, struct volume *v)
{
	return volume_of((HANDLE)handle, v);
}
