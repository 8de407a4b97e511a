#include <spawn.h>

#include <errno.h>

#define FLAGS (POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP | \
	POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID)

int
posix_spawnattr_init(posix_spawnattr_t *a)
{
	*a = (posix_spawnattr_t){ 0 };
	return 0;
}

int
posix_spawnattr_destroy(posix_spawnattr_t *a)
{
	return posix_spawnattr_init(a);
}

int
posix_spawnattr_setflags(posix_spawnattr_t *a, short flags)
{
	if ((flags & ~FLAGS) != 0)
		return EINVAL;
	a->spawn_flags_ = flags;
	return 0;
}

int
posix_spawnattr_getflags(const posix_spawnattr_t *__restrict__ a,
    short *__restrict__ flags)
{
	*flags = a->spawn_flags_;
	return 0;
}

int
posix_spawnattr_setpgroup(posix_spawnattr_t *a, pid_t group)
{
	a->spawn_group_ = group;
	return 0;
}

int
posix_spawnattr_getpgroup(const posix_spawnattr_t *__restrict__ a,
    pid_t *__restrict__ group)
{
	*group = a->spawn_group_;
	return 0;
}

int
posix_spawnattr_setsigmask(posix_spawnattr_t *__restrict__ a,
    const sigset_t *__restrict__ set)
{
	a->spawn_mask_ = *set;
	return 0;
}

int
posix_spawnattr_getsigmask(const posix_spawnattr_t *__restrict__ a,
    sigset_t *__restrict__ set)
{
	*set = a->spawn_mask_;
	return 0;
}

int
posix_spawnattr_setsigdefault(posix_spawnattr_t *__restrict__ a,
    const sigset_t *__restrict__ set)
{
	a->spawn_default_ = *set;
	return 0;
}

int
posix_spawnattr_getsigdefault(const posix_spawnattr_t *__restrict__ a,
    sigset_t *__restrict__ set)
{
	*set = a->spawn_default_;
	return 0;
}
