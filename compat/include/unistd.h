/* <unistd.h>: ours; mingw's is not used. */
#ifdef COMPAT_IN_MINGW
#include_next <unistd.h>
#else
#ifndef COMPAT_UNISTD_H
#define COMPAT_UNISTD_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>
#include <bits/ids.h>

#ifndef NULL
#define NULL ((void *)0)
#endif

#define _POSIX_VERSION			200809L
#define _POSIX_FSYNC			200809L
#define _POSIX_MAPPED_FILES		200809L
#define _POSIX_MEMLOCK			(-1)
#define _POSIX_MEMLOCK_RANGE		200809L
#define _POSIX_MEMORY_PROTECTION	200809L
#define _POSIX_SHARED_MEMORY_OBJECTS	200809L
#ifndef _POSIX_TIMERS		/* winpthreads' <pthread_time.h> has it, too */
#define _POSIX_TIMERS			200809L
#endif
#include <bits/mingw_begin.h>
#include <pthread_unistd.h>
#include <bits/mingw_end.h>

#define STDIN_FILENO	0
#define STDOUT_FILENO	1
#define STDERR_FILENO	2

#ifndef SEEK_SET
#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#endif
#ifndef SEEK_DATA
#define SEEK_DATA	3
#define SEEK_HOLE	4
#endif

#ifndef F_OK
#define F_OK		0
#define X_OK		1
#define W_OK		2
#define R_OK		4
#endif

#define _SC_CLK_TCK		2
#define _SC_NGROUPS_MAX		3
#define _SC_OPEN_MAX		4
#define _SC_PAGESIZE		30
#define _SC_PAGE_SIZE		_SC_PAGESIZE
#define _SC_GETGR_R_SIZE_MAX	69
#define _SC_GETPW_R_SIZE_MAX	70
#define _SC_NPROCESSORS_CONF	83
#define _SC_NPROCESSORS_ONLN	84
#define _SC_HOST_NAME_MAX	180

#define _PC_LINK_MAX		0
#define _PC_MAX_CANON		1
#define _PC_MAX_INPUT		2
#define _PC_NAME_MAX		3
#define _PC_PATH_MAX		4
#define _PC_PIPE_BUF		5
#define _PC_CHOWN_RESTRICTED	6
#define _PC_NO_TRUNC		7

#define _CS_PATH		0

COMPAT_BEGIN_DECLS

/* mingw's own, without the struct option of <getopt.h>, which is no POSIX. */
extern char *optarg;
extern int optind, opterr, optopt;
int getopt(int, char *const *, const char *);

int close(int) COMPAT_SYM(close);

/*
 * Data.  ssize_t and size_t as in POSIX, not the CRT's int and unsigned.  One
 * call moves at most 0x7ffff000 bytes, as on Linux.
 */

/**
 * read(fd, buf, len), write(fd, buf, len):
 * From and to the file offset, which moves.  Of two threads or processes that
 * use one description none gets or overwrites what the other has.  With
 * O_APPEND a write goes to the end, whole, whoever else appends.  A write to a
 * disk that is nearly full writes what there is room for.
 *
 * Return the number of bytes, 0 at the end, or -1 with errno set to:
 *	EAGAIN		O_NONBLOCK, and it would block.
 *	EBADF		fd is not open, or not for that.
 *	EFAULT		buf is not the program's memory.
 *	EFBIG		the offset is at its greatest, or beyond what the file
 *			system can hold.
 *	EINTR		a signal's handler ran before anything was moved; not
 *			for regular files.
 *	EINVAL		fd can be neither read nor written.
 *	EIO		the device failed.
 *	EISDIR		read() of a directory.
 *	ENOSPC, EDQUOT	no room for even one byte.
 *	EPIPE		nobody reads the pipe or socket; SIGPIPE too.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-FILE-8 (the offset after an append).
 */
ssize_t read(int, void *, size_t) COMPAT_SYM(read);
ssize_t write(int, const void *, size_t) COMPAT_SYM(write);

/**
 * pread(fd, buf, len, off), pwrite(fd, buf, len, off):
 * At off; the file offset neither matters nor moves, and threads do not wait
 * for each other.  With O_APPEND pwrite appends, as on Linux; POSIX wants off.
 *
 * Return as read and write do, or -1 with errno set also to EINVAL (off is
 * negative) or ESPIPE (a pipe, socket or device).
 *
 * Source:	POSIX.1-2024; pwrite(2) of Linux, BUGS.
 */
ssize_t pread(int, void *, size_t, off_t) COMPAT_SYM(pread);
ssize_t pwrite(int, const void *, size_t, off_t) COMPAT_SYM(pwrite);

/**
 * lseek(fd, off, whence):
 * SEEK_SET, SEEK_CUR, SEEK_END; SEEK_DATA and SEEK_HOLE for the next data or
 * hole at off or after it, where the end of the file counts as a hole.  Where
 * NT knows of no holes, all is data.
 *
 * Return the new offset, or -1 with errno set to EBADF, EINVAL, ENXIO (no data
 * after off, or off is at or past the end), EOVERFLOW or ESPIPE.
 *
 * Source:	POSIX.1-2024.
 */
off_t lseek(int, off_t, int) COMPAT_SYM(lseek);

/**
 * ftruncate(fd, len), truncate(path, len):
 * Make the file len bytes long; what is new reads as zeros, and takes no room
 * where NT can make a hole of it (1 MiB and more).
 *
 * Return 0, or -1 with errno set to EBADF, EBUSY (mapped, and made shorter),
 * EFBIG, EINVAL (len is negative, or fd no regular file open for writing),
 * EIO, ENOSPC, or for truncate what open gives.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-FILE-6.
 */
int ftruncate(int, off_t) COMPAT_SYM(ftruncate);
int truncate(const char *, off_t) COMPAT_SYM(truncate);

/**
 * fsync(fd), fdatasync(fd):
 * Return when the file is on the disk: NT has told the device to empty its
 * cache.  Both do the same.  For a directory they do nothing and succeed:
 * NTFS journals names itself.
 *
 * Return 0, or -1 with errno set to EACCES, EBADF, EDQUOT, EINVAL, EIO or
 * ENOSPC.
 *
 * Source:	POSIX.1-2024; FlushFileBuffers.
 * Limits:	LIM-FILE-9.
 */
int fsync(int) COMPAT_SYM(fsync);
int fdatasync(int) COMPAT_SYM(fdatasync);

/**
 * sync(), syncfs(fd):
 * Put the files on the disk that this process has open for writing.
 *
 * syncfs returns 0, or -1 with errno set to EBADF or as fsync does.
 *
 * Source:	POSIX.1-2024; syncfs(2) of Linux.
 * Limits:	LIM-IO-1 (other processes' files).
 */
void sync(void) COMPAT_SYM(sync);
int syncfs(int) COMPAT_SYM(syncfs);

/**
 * copy_file_range(in, inoff, out, outoff, len, flags):
 * Copy between regular files, at *inoff and *outoff, which move, or at the
 * file offsets where these are null pointers.  flags is 0.
 *
 * Return the number of bytes, 0 at the end of in, or -1 with errno set to:
 *	EBADF		in is not open for reading, or out not for writing, or
 *			it has O_APPEND.
 *	EINVAL		flags, a negative offset, something that is no regular
 *			file, or ranges of one file that overlap.
 *	EISDIR		one is a directory.
 *	ENOMEM		no memory for a buffer.
 *	EOVERFLOW	an offset plus len is too big.
 * and what read and write give.
 *
 * Source:	copy_file_range(2) of Linux.
 */
ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned int)
    COMPAT_SYM(copy_file_range);
int isatty(int) COMPAT_SYM(isatty);

#define F_ULOCK	0
#define F_LOCK	1
#define F_TLOCK	2
#define F_TEST	3

/**
 * lockf(fd, op, len):
 * Unlock, lock (waiting, or not), or test len bytes from the position on: an
 * fcntl() lock of type F_WRLCK.  F_TEST finds locks of others that exclude a
 * reader.  A negative len is the bytes before the position, 0 all behind it.
 *
 * Return 0, or -1 with errno set to: EACCES (F_TEST: it is locked), EINVAL (op
 * is none of these), or what fcntl() says of F_SETLK and F_SETLKW.
 *
 * Source:	POSIX.1-2024; F_TEST as in glibc.
 */
int lockf(int, int, off_t) COMPAT_SYM(lockf);

/* Descriptors. */
int dup(int) COMPAT_SYM(dup);
int dup2(int, int) COMPAT_SYM(dup2);
int dup3(int, int, int) COMPAT_SYM(dup3);
int pipe(int[2]) COMPAT_SYM(pipe);
int pipe2(int[2], int) COMPAT_SYM(pipe2);

/**
 * close_range(first, last, flags), closefrom(low):
 * Close every descriptor from first to last, or set FD_CLOEXEC of each with
 * CLOSE_RANGE_CLOEXEC.  EINVAL: first > last, other flags.  Descriptors of
 * code that knows only the C runtime are closed too, as on Linux.
 *
 * Source:	close_range(2), closefrom(3) of Linux.
 */
#define CLOSE_RANGE_UNSHARE	2
#define CLOSE_RANGE_CLOEXEC	4
int close_range(unsigned int, unsigned int, int) COMPAT_SYM(close_range);
void closefrom(int) COMPAT_SYM(closefrom);

/* RLIMIT_NOFILE, 65,536 at first; as sysconf(_SC_OPEN_MAX). */
int getdtablesize(void) COMPAT_SYM(getdtablesize);

/* Names: UTF-8, '/' or '\'. */
/*
 * Names: UTF-8, '/' or '\'.  A relative path begins at the directory that the
 * descriptor before it names, or at the current one: AT_FDCWD of <fcntl.h>.
 * Source: POSIX.1-2024; errno as Linux has it, but for names that NT cannot
 * hold (EINVAL, LIM-FILE-2).  What else differs: LIM-FILE-3, -4 (old systems),
 * -21 (symbolic links: EPERM, ENOSYS), -22 (the current directory).
 */
int access(const char *, int) COMPAT_SYM(access);
int faccessat(int, const char *, int, int) COMPAT_SYM(faccessat);
int eaccess(const char *, int) COMPAT_SYM(eaccess);
int euidaccess(const char *, int) COMPAT_SYM(euidaccess);
int unlink(const char *) COMPAT_SYM(unlink);
int unlinkat(int, const char *, int) COMPAT_SYM(unlinkat);
int rmdir(const char *) COMPAT_SYM(rmdir);
int link(const char *, const char *) COMPAT_SYM(link);
int linkat(int, const char *, int, const char *, int) COMPAT_SYM(linkat);
int symlink(const char *, const char *) COMPAT_SYM(symlink);
int symlinkat(const char *, int, const char *) COMPAT_SYM(symlinkat);

/*
 * The text of a link, without a NUL and cut to the size of the buffer: its
 * length, or -1 (EINVAL: no link).  Separators come back as '/', junctions as
 * links.
 */
ssize_t readlink(const char *, char *, size_t) COMPAT_SYM(readlink);
ssize_t readlinkat(int, const char *, char *, size_t) COMPAT_SYM(readlinkat);

/*
 * chdir() takes links out of the path, so that getcwd() never shows one.  Both
 * getcwd() with a NULL buffer and get_current_dir_name() give a string that
 * the caller frees.  ERANGE: the buffer is too small; ENAMETOOLONG: a
 * directory too deep for NT, LIM-FILE-22.
 */
int chdir(const char *) COMPAT_SYM(chdir);
int fchdir(int) COMPAT_SYM(fchdir);
char *getcwd(char *, size_t) COMPAT_SYM(getcwd);
char *get_current_dir_name(void) COMPAT_SYM(get_current_dir_name);

/* Process. */

/**
 * _exit(status):
 * End the process at once: nothing of atexit() runs, no stream is written out,
 * no DLL is told.  Threads end wherever they are.  The parent gets the lowest
 * eight bits of status, a native one all of them.  _Exit() of <stdlib.h> is
 * the same.
 *
 * Source:	POSIX.1-2024.
 */
void _exit(int) COMPAT_SYM(exit_now) __attribute__((__noreturn__));

/**
 * getpid(), getppid():
 * The process's number, and its parent's; 1 when that has ended.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-1.
 */
pid_t getpid(void) COMPAT_SYM(getpid);
pid_t getppid(void) COMPAT_SYM(getppid);

/**
 * getpgrp(), getpgid(pid), getsid(pid):
 * The process group and the session of the caller (0) or of another process.
 * A child has its parent's.  A process that a native program started leads a
 * group of its own, and its session has the number of that program.
 *
 * Return the number, or -1 with errno set to:
 *	ESRCH		there is no such process.
 *	EPERM		a native program, and no child of the caller's.
 *	EAGAIN		the process does not answer within 5 seconds.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-7.
 */
pid_t getpgrp(void) COMPAT_SYM(getpgrp);
pid_t getpgid(pid_t) COMPAT_SYM(getpgid);
pid_t getsid(pid_t) COMPAT_SYM(getsid);

/**
 * setpgid(pid, group), setpgrp(), setsid():
 * Join a group of the session, or lead a new one (group 0, or the caller's
 * number; setpgrp() is setpgid(0, 0)); lead a new session and a group in it.
 * The console stays the same one.
 *
 * setsid() returns the session's number, the others 0; or -1 with errno set
 * to:
 *	EINVAL		group is negative.
 *	ESRCH		pid is neither the caller nor a child.
 *	EACCES		pid is a child: it has exec'd, as all children have.
 *	EPERM		setpgid(): the caller leads its session, the child is
 *			in another one, or no process of the session is in
 *			the group.  setsid(): a group has the caller's number.
 *	ENOMEM		there is no memory for the list of processes.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-7.
 */
int setpgid(pid_t, pid_t) COMPAT_SYM(setpgid);
int setpgrp(void) COMPAT_SYM(setpgrp);
pid_t setsid(void) COMPAT_SYM(setsid);

long sysconf(int) COMPAT_SYM(sysconf);
int getpagesize(void) COMPAT_SYM(getpagesize);
int gethostname(char *, size_t) COMPAT_SYM(gethostname);

/* Who is at the other end of an AF_UNIX stream: see <compat.h>. */
int getpeereid(int, uid_t *, gid_t *) COMPAT_SYM(getpeereid);

/**
 * chown(path, uid, gid), lchown(), fchown(fd, uid, gid):
 * Give a file to another owner: only to the one that it has, 0 (-1 leaves a
 * number alone).  lchown() looks at a symbolic link itself.
 *
 * Return 0, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	EPERM		the file would get another owner or group.
 *	ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG
 *			what stat(path) says.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-10.
 */
int chown(const char *, uid_t, gid_t) COMPAT_SYM(chown);
int lchown(const char *, uid_t, gid_t) COMPAT_SYM(lchown);
int fchown(int, uid_t, gid_t) COMPAT_SYM(fchown);
int fchownat(int, const char *, uid_t, gid_t, int) COMPAT_SYM(fchownat);

/**
 * getentropy(buf, len):
 * Fill buf with random bytes that are fit for secrets, at most GETENTROPY_MAX
 * of <limits.h>, 256.  getrandom() of <sys/random.h> gives more.
 *
 * Return 0, or -1 with errno set to:
 *	EFAULT		buf is a null pointer, and len is not 0.
 *	EIO		more was asked for (POSIX: EINVAL; as Linux has it).
 *
 * Source:	POSIX.1-2024, getentropy(3); NT's RtlGenRandom.
 */
int getentropy(void *, size_t) COMPAT_SYM(getentropy);

/**
 * swab(from, to, len):
 * Copy with each two bytes exchanged; of an odd len the last byte is left out,
 * a negative one copies nothing.
 *
 * Source:	POSIX.1-2024, XSI.
 */
void swab(const void *__restrict__, void *__restrict__, ssize_t)
    COMPAT_SYM(swab);

/* Interrupted by signals, unlike winpthreads' own. */
unsigned int sleep(unsigned int) COMPAT_SYM(sleep);
int usleep(useconds_t) COMPAT_SYM(usleep);
int pause(void) COMPAT_SYM(pause);

/**
 * alarm(seconds):
 * Send SIGALRM to the process when that time has passed; 0 calls it off.  It
 * is setitimer()'s ITIMER_REAL (<sys/time.h>).  Return the seconds, rounded,
 * that an earlier alarm had left, at least 1, or 0 if there was none.
 *
 * Source:	POSIX.1-2024, alarm(2).
 */
unsigned int alarm(unsigned int) COMPAT_SYM(alarm);

/**
 * execve(path, argv, envp), execv, execle, execl:
 * execvpe(file, argv, envp), execvp, execlp:
 * fexecve(fd, argv, envp):
 * Go on as another program.  It runs in a process of its own with a number of
 * its own, and has the descriptors without FD_CLOEXEC, the signal mask, the
 * signals that are ignored or pending, the umask, the directory and what is
 * left of setitimer()'s timers.  This process has closed its descriptors, hands
 * every signal on, ends as the program ends, and takes it along when it is
 * killed: waitpid() and kill() of the old number mean the program.  Nothing of
 * atexit() is run, and no other thread runs on.  What is searched for, and
 * where, is as with posix_spawn() and posix_spawnp(); fexecve() takes the name
 * that the file has.
 *
 * Return -1 with nothing changed, and errno set to:
 *	E2BIG, EACCES, EILSEQ, EINVAL, ENOENT, ENOEXEC, ENOMEM, ENOTDIR
 *			what posix_spawn() says.
 *	EAGAIN		no thread, or no process, could be made.
 *	EBADF		fexecve: fd is not open.
 *	EFAULT		path is a null pointer.
 *
 * Source:	POSIX.1-2024; execvpe(3) of Linux.
 * Limits:	LIM-PROC-3 to -6, LIM-PROC-20.
 */
int execve(const char *, char *const[], char *const[]) COMPAT_SYM(execve);
int execv(const char *, char *const[]) COMPAT_SYM(execv);
int execle(const char *, const char *, ...) COMPAT_SYM(execle);
int execl(const char *, const char *, ...) COMPAT_SYM(execl);
int execvpe(const char *, char *const[], char *const[]) COMPAT_SYM(execvpe);
int execvp(const char *, char *const[]) COMPAT_SYM(execvp);
int execlp(const char *, const char *, ...) COMPAT_SYM(execlp);
int fexecve(int, char *const[], char *const[]) COMPAT_SYM(fexecve);

/**
 * daemon(nochdir, noclose):
 * Go on in the background: without a console, in a session of its own, in "/"
 * unless nochdir, with 0 to 2 at /dev/null unless noclose.  The program is
 * started once more, with the same words, in the directory and with the
 * descriptors that it began with (0 to 2: as they are now); this process exits
 * with 0.  What comes before daemon() is done again, when this process has
 * gone and its locks, names and ports are free, and then daemon() returns.
 *
 * Return 0, or -1 with errno set to what posix_spawn(), chdir() or open() say.
 *
 * Source:	daemon(3) of 4.4BSD; not in POSIX.1-2024.
 * Limits:	LIM-PROC-21.
 */
int daemon(int, int) COMPAT_SYM(daemon);

/**
 * nice(more):
 * Add to the nice value of this process, as setpriority() sets it.  Return the
 * new value, which may be -1, or -1 with errno set to what NT says.
 *
 * Source:	POSIX.1-2024, XSI.
 * Limits:	LIM-PROC-19.
 */
int nice(int) COMPAT_SYM(nice);

/**
 * fork(), vfork(): NT cannot copy a process.  Return -1 with ENOSYS.
 * <spawn.h> starts programs.
 *
 * Source:	POSIX.1-2024.
 * Limits:	LIM-PROC-11.
 */
pid_t fork(void) COMPAT_SYM(fork);
pid_t vfork(void) COMPAT_SYM(vfork);

COMPAT_END_DECLS

#endif
#endif
