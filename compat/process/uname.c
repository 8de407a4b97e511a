#include <sys/utsname.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/result.h"
#include "process/user.h"

int
uname(struct utsname *name)
{
	if (name == NULL)
		return result(EFAULT, 0);
	if (gethostname(name->nodename, sizeof(name->nodename)) != 0)
		return -1;
	(void)strcpy(name->sysname, "Windows_NT");
	(void)strcpy(name->machine, "x86_64");
	system_version(name->release, sizeof(name->release), name->version,
	    sizeof(name->version));
	return 0;
}

static size_t
give(const char *s, char *buf, size_t size)
{
	size_t len = strlen(s), n = len;

	if (size > 0) {
		if (n >= size)
			n = size - 1;
		(void)memcpy(buf, s, n);
		buf[n] = '\0';
	}
	return len + 1;
}

size_t
confstr(int name, char *buf, size_t size)
{
	size_t needed = 0;
	char *dir;
	int err = EINVAL;

	if (name == _CS_PATH && (err = system_directory(&dir)) == 0) {
		needed = give(dir, buf, size);
		free(dir);
	}
	return result(err, 0) == 0 ? needed : 0;
}
