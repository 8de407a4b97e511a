/*
 * <spawn.h>: starting programs.  NT has no fork, so this is the way; what a
 * child inherits, and how its end is told, compat_spawn(3) says.
 */
#ifndef COMPAT_IN_MINGW		/* none of mingw's headers needs it */
#ifndef COMPAT_SPAWN_H
#define COMPAT_SPAWN_H

#include <bits/crt.h>

#include <sys/types.h>

#include <bits/sigset.h>
#include <bits/sym.h>

#define POSIX_SPAWN_RESETIDS	0x01
#define POSIX_SPAWN_SETPGROUP	0x02
#define POSIX_SPAWN_SETSIGDEF	0x04
#define POSIX_SPAWN_SETSIGMASK	0x08
#define POSIX_SPAWN_SETSID	0x80

typedef struct {
	short spawn_flags_;
	pid_t spawn_group_;
	sigset_t spawn_default_;
	sigset_t spawn_mask_;
} posix_spawnattr_t;

struct compat_spawn_action;

typedef struct {
	struct compat_spawn_action *spawn_list_;
	int spawn_used_;
	int spawn_room_;
} posix_spawn_file_actions_t;

COMPAT_BEGIN_DECLS

/**
 * posix_spawn(pid, path, actions, attr, argv, envp):
 * posix_spawnp(pid, file, actions, attr, argv, envp):
 * Start a program.  Its number is stored at pid (if not NULL); the caller
 * waits for it with <sys/wait.h>.  posix_spawnp looks a name without a
 * separator up in PATH.  Where there is no such file, the endings of PATHEXT
 * are tried.  The strings are UTF-8.  envp NULL, or environ, means the
 * environment as it is.
 *
 * The child gets the descriptors that are open and not FD_CLOEXEC, after the
 * actions; a program of libcompat shares the descriptions.
 *
 * Return 0, or (errno is left alone):
 *	ENOENT EACCES ENOTDIR	of the program or an action
 *	ENOEXEC		it is no program that NT can run
 *	E2BIG		argv is longer than NT takes (32,767 UTF-16 units)
 *	EILSEQ		a string is not UTF-8
 *	EINVAL		unknown flags; a negative group; argv that a batch file
 *			cannot be given
 *	EPERM		no process of the session is in the group; a group and
 *			a new session together
 *	EBADF		adddup2, addfchdir_np: the descriptor is not open
 *	EAGAIN ENOMEM EMFILE	a lack of resources
 *
 * Source:	posix_spawn, POSIX.1-2024.
 * Limits:	LIM-PROC-3 to LIM-PROC-8, LIM-FD-6.
 */
int posix_spawn(pid_t *__restrict__, const char *__restrict__,
    const posix_spawn_file_actions_t *, const posix_spawnattr_t *__restrict__,
    char *const *__restrict__, char *const *__restrict__)
    COMPAT_SYM(posix_spawn);
int posix_spawnp(pid_t *__restrict__, const char *__restrict__,
    const posix_spawn_file_actions_t *, const posix_spawnattr_t *__restrict__,
    char *const *__restrict__, char *const *__restrict__)
    COMPAT_SYM(posix_spawnp);

/**
 * posix_spawn_file_actions_*(actions, ...):
 * What is done in order for the child: open a file at fd (O_CLOEXEC closes it
 * again if fd is the lowest that is free), close fd, copy one descriptor to
 * another (which is never FD_CLOEXEC then, also if they are the same), change
 * the directory, close all from fd on.  Paths are copied.
 * addclose of a descriptor that is not open does nothing.
 *
 * Return 0, EBADF (a negative fd, or one beyond OPEN_MAX), EINVAL or ENOMEM.
 */
int posix_spawn_file_actions_init(posix_spawn_file_actions_t *)
    COMPAT_SYM(posix_spawn_file_actions_init);
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *)
    COMPAT_SYM(posix_spawn_file_actions_destroy);
int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *__restrict__,
    int, const char *__restrict__, int, mode_t)
    COMPAT_SYM(posix_spawn_file_actions_addopen);
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *, int)
    COMPAT_SYM(posix_spawn_file_actions_addclose);
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *, int, int)
    COMPAT_SYM(posix_spawn_file_actions_adddup2);
int posix_spawn_file_actions_addchdir(posix_spawn_file_actions_t *__restrict__,
    const char *__restrict__) COMPAT_SYM(posix_spawn_file_actions_addchdir);
int posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *__restrict__, const char *__restrict__)
    COMPAT_SYM(posix_spawn_file_actions_addchdir_np);
int posix_spawn_file_actions_addfchdir(posix_spawn_file_actions_t *, int)
    COMPAT_SYM(posix_spawn_file_actions_addfchdir);
int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *, int)
    COMPAT_SYM(posix_spawn_file_actions_addfchdir_np);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int)
    COMPAT_SYM(posix_spawn_file_actions_addclosefrom_np);

/**
 * posix_spawnattr_*(attr, ...):
 * SETSIGMASK and SETSIGDEF concern programs of libcompat.  SETPGROUP puts the
 * child into a group of the session, 0 into one of its own; SETSID into a new
 * session, without a console (LIM-PROC-7).  RESETIDS changes nothing:
 * there is one user.  Return 0 or EINVAL.
 */
int posix_spawnattr_init(posix_spawnattr_t *) COMPAT_SYM(posix_spawnattr_init);
int posix_spawnattr_destroy(posix_spawnattr_t *)
    COMPAT_SYM(posix_spawnattr_destroy);
int posix_spawnattr_setflags(posix_spawnattr_t *, short)
    COMPAT_SYM(posix_spawnattr_setflags);
int posix_spawnattr_getflags(const posix_spawnattr_t *__restrict__,
    short *__restrict__) COMPAT_SYM(posix_spawnattr_getflags);
int posix_spawnattr_setpgroup(posix_spawnattr_t *, pid_t)
    COMPAT_SYM(posix_spawnattr_setpgroup);
int posix_spawnattr_getpgroup(const posix_spawnattr_t *__restrict__,
    pid_t *__restrict__) COMPAT_SYM(posix_spawnattr_getpgroup);
int posix_spawnattr_setsigmask(posix_spawnattr_t *__restrict__,
    const sigset_t *__restrict__) COMPAT_SYM(posix_spawnattr_setsigmask);
int posix_spawnattr_getsigmask(const posix_spawnattr_t *__restrict__,
    sigset_t *__restrict__) COMPAT_SYM(posix_spawnattr_getsigmask);
int posix_spawnattr_setsigdefault(posix_spawnattr_t *__restrict__,
    const sigset_t *__restrict__) COMPAT_SYM(posix_spawnattr_setsigdefault);
int posix_spawnattr_getsigdefault(const posix_spawnattr_t *__restrict__,
    sigset_t *__restrict__) COMPAT_SYM(posix_spawnattr_getsigdefault);

COMPAT_END_DECLS

#endif
#endif
