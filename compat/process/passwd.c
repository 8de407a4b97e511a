/* <pwd.h>, <grp.h>, getlogin(): the one user, and his group. */
#include <pwd.h>

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd/result.h"
#include "process/user.h"

#define ONLY 0			/* uid and gid */
#define LARGEST 8192		/* a name, and two paths */

/* Strings one after another. */
struct packer {
	char *at;
	size_t room;
	int err;
};

static char *
pack(struct packer *p, const char *s)
{
	size_t n = strlen(s) + 1;
	char *to = p->at;

	if (n > p->room) {
		p->err = ERANGE;
		return to;
	}
	(void)memcpy(to, s, n);
	p->at += n;
	p->room -= n;
	return to;
}

static int
user_entry(const char *name, struct passwd *pw, char *buf, size_t size)
{
	struct packer p = { .at = buf, .room = size };
	char *home, *shell;
	int err;

	if ((err = user_home(&home)) != 0)
		return err;
	if ((err = user_shell(&shell)) == 0) {
		pw->pw_uid = ONLY;
		pw->pw_gid = ONLY;
		pw->pw_name = pack(&p, name);
		pw->pw_passwd = pack(&p, "x");
		pw->pw_gecos = pack(&p, "");
		pw->pw_dir = pack(&p, home);
		pw->pw_shell = pack(&p, shell);
		free(shell);
		err = p.err;
	}
	free(home);
	return err;
}

static int
group_entry(const char *name, struct group *gr, char *buf, size_t size)
{
	const size_t unit = sizeof(*gr->gr_mem);
	size_t skip = (unit - (uintptr_t)buf % unit) % unit;
	struct packer p = { 0 };

	if (size < skip + unit)
		return ERANGE;
	gr->gr_mem = (char **)(uintptr_t)(buf + skip);
	gr->gr_mem[0] = NULL;
	p.at = buf + skip + unit;
	p.room = size - skip - unit;
	gr->gr_gid = ONLY;
	gr->gr_name = pack(&p, name);
	gr->gr_passwd = pack(&p, "x");
	return p.err;
}

/* The name, if it is wanted, or any is (NULL); *name is NULL if not. */
static int
look_up(int by_number, unsigned int id, const char *wanted, char **name)
{
	int err;

	*name = NULL;
	if (by_number && id != ONLY)
		return 0;
	if ((err = user_name(name)) != 0)
		return err;
	if (!by_number && strcmp(*name, wanted) != 0) {
		free(*name);
		*name = NULL;
	}
	return 0;
}

static int
find_user(int by_number, uid_t uid, const char *wanted, struct passwd *pw,
    char *buf, size_t size, struct passwd **found)
{
	char *name;
	int err;

	*found = NULL;
	if ((err = look_up(by_number, uid, wanted, &name)) != 0 || name == NULL)
		return err;
	if ((err = user_entry(name, pw, buf, size)) == 0)
		*found = pw;
	free(name);
	return err;
}

static int
find_group(int by_number, gid_t gid, const char *wanted, struct group *gr,
    char *buf, size_t size, struct group **found)
{
	char *name;
	int err;

	*found = NULL;
	if ((err = look_up(by_number, gid, wanted, &name)) != 0 || name == NULL)
		return err;
	if ((err = group_entry(name, gr, buf, size)) == 0)
		*found = gr;
	free(name);
	return err;
}

int
getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t size,
    struct passwd **found)
{
	return find_user(1, uid, NULL, pw, buf, size, found);
}

int
getpwnam_r(const char *name, struct passwd *pw, char *buf, size_t size,
    struct passwd **found)
{
	return find_user(0, 0, name, pw, buf, size, found);
}

int
getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t size,
    struct group **found)
{
	return find_group(1, gid, NULL, gr, buf, size, found);
}

int
getgrnam_r(const char *name, struct group *gr, char *buf, size_t size,
    struct group **found)
{
	return find_group(0, 0, name, gr, buf, size, found);
}

static struct passwd *
user(int by_number, uid_t uid, const char *name)
{
	static struct passwd pw;
	static char buf[LARGEST];
	struct passwd *found;
	int err;

	err = find_user(by_number, uid, name, &pw, buf, sizeof(buf), &found);
	return result_ptr(err, found);
}

struct passwd *
getpwuid(uid_t uid)
{
	return user(1, uid, NULL);
}

struct passwd *
getpwnam(const char *name)
{
	return user(0, 0, name);
}

static struct group *
group(int by_number, gid_t gid, const char *name)
{
	static struct group gr;
	static char buf[LARGEST];
	struct group *found;
	int err;

	err = find_group(by_number, gid, name, &gr, buf, sizeof(buf), &found);
	return result_ptr(err, found);
}

struct group *
getgrgid(gid_t gid)
{
	return group(1, gid, NULL);
}

struct group *
getgrnam(const char *name)
{
	return group(0, 0, name);
}

int
getlogin_r(char *buf, size_t size)
{
	char *name;
	int err;

	if ((err = user_name(&name)) != 0)
		return err;
	if (strlen(name) < size)
		(void)strcpy(buf, name);
	else
		err = ERANGE;
	free(name);
	return err;
}

char *
getlogin(void)
{
	static char name[LARGEST];

	return result_ptr(getlogin_r(name, sizeof(name)), name);
}
