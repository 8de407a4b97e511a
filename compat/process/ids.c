/*
 * Changing users and groups: to what one is, and to nothing else, since there
 * is one of each (LIM-PROC-10).
 */
#include <unistd.h>

#include <errno.h>
#include <grp.h>

#include "fd/result.h"

#define ONLY 0			/* uid and gid */
#define SAME ((uid_t)-1)

static int
be(uid_t id)
{
	if (id == SAME)
		return result(EINVAL, 0);
	return result(id == ONLY ? 0 : EPERM, 0);
}

static int
be_all(uid_t a, uid_t b, uid_t c)
{
	return (a == ONLY || a == SAME) && (b == ONLY || b == SAME) &&
	    (c == ONLY || c == SAME) ? 0 : result(EPERM, 0);
}

static int
tell_all(uid_t *a, uid_t *b, uid_t *c)
{
	if (a == NULL || b == NULL || c == NULL)
		return result(EFAULT, 0);
	*a = *b = *c = ONLY;
	return 0;
}

int
setuid(uid_t uid)
{
	return be(uid);
}

int
seteuid(uid_t uid)
{
	return be(uid);
}

int
setreuid(uid_t real, uid_t effective)
{
	return be_all(real, effective, SAME);
}

int
setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return be_all(real, effective, saved);
}

int
getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	return tell_all(real, effective, saved);
}

int
setgid(gid_t gid)
{
	return be(gid);
}

int
setegid(gid_t gid)
{
	return be(gid);
}

int
setregid(gid_t real, gid_t effective)
{
	return be_all(real, effective, SAME);
}

int
setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return be_all(real, effective, saved);
}

int
getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
	return tell_all(real, effective, saved);
}

int
getgroups(int n, gid_t *list)
{
	(void)list;
	return result(n < 0 ? EINVAL : 0, 0);
}

#define GROUPS_MAX 65536	/* NGROUPS_MAX of Linux */

int
setgroups(size_t n, const gid_t *list)
{
	size_t i;

	if (n > GROUPS_MAX)
		return result(EINVAL, 0);
	for (i = 0; i < n; i++)
		if (list[i] != ONLY)
			return result(EPERM, 0);
	return 0;
}

int
initgroups(const char *user, gid_t gid)
{
	(void)user;
	return result(gid == ONLY ? 0 : EPERM, 0);
}
