#include "fileio/names.h"

#include "fileio/at_nt.h"
#include "nt/calls_nt.h"

int
name_mkdir(int dirfd, const char *path, mode_t mode)
{
	struct at_name n;
	HANDLE h;
	int err;

	if ((err = at_name(dirfd, path, &n)) != 0)
		return err;
	if (n.path == NULL || n.last != AT_LAST_NAME)
		err = EEXIST;
	else if ((err = at_private(&n, mode, 1)) == 0)
		err = at_errno(&n, at_create(&n, 0, FILE_ATTRIBUTE_NORMAL,
		    FILE_CREATE, FILE_DIRECTORY_FILE | FILE_OPEN_REPARSE_POINT,
		    &h, NULL));
	if (err == 0)
		(void)nt.CloseHandle(h);
	at_free(&n);
	return err;
}
