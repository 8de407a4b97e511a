#include "afunix/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "afunix/lane_nt.h"
#include "afunix/unix.h"
#include "fd/fdtable.h"
#include "socket/control.h"

/* What Linux calls nobody: overflowuid. */
#define NOBODY 65534

static int
take_fds(const struct cmsghdr *c, struct scm *scm)
{
	size_t i, n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int err, fd;

	if (n > RIGHTS_MAX - scm->n)
		return EINVAL;
	for (i = 0; i < n; i++) {
		memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
		if ((err = fd_get(fd, &scm->files[scm->n])) != 0)
			return err;
		scm->n++;
	}
	return 0;
}

/* The writer is told in any case; here a process can only say the truth. */
static int
check_cred(const struct cmsghdr *c)
{
	struct ucred cred;

	if (c->cmsg_len != CMSG_LEN(sizeof(cred)))
		return EINVAL;
	memcpy(&cred, CMSG_DATA(c), sizeof(cred));
	return cred.pid == getpid() && cred.uid == getuid() &&
	    cred.gid == getgid() ? 0 : EPERM;
}

int
rights_take(const struct msghdr *msg, struct scm *scm)
{
	struct cmsghdr *c;
	int err = 0;

	scm->n = 0;
	if (msg->msg_control == NULL)
		return msg->msg_controllen == 0 ? 0 : EFAULT;
	for (c = CMSG_FIRSTHDR(msg); c != NULL && err == 0;
	    c = CMSG_NXTHDR(msg, c)) {
		if (!control_fits(msg, c))
			return EINVAL;
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		switch (c->cmsg_type) {
		case SCM_RIGHTS:
			err = take_fds(c, scm);
			break;
		case SCM_CREDENTIALS:
			err = check_cred(c);
			break;
		default:
			err = EINVAL;
			break;
		}
	}
	return err;
}

void
rights_free(struct scm *scm)
{
	while (scm->n > 0)
		file_put(scm->files[--scm->n]);
}

static void
put_all(struct file **files, uint32_t from, uint32_t n)
{
	for (; from < n; from++)
		if (files[from] != NULL)
			file_put(files[from]);
}

/* Descriptors for as many as the caller has room for; return how many. */
static uint32_t
install(struct file **files, uint32_t n, size_t room, int fdflags, int *fds)
{
	uint32_t i;

	for (i = 0; i < n && i < room; i++) {
		if (files[i] == NULL ||
		    fd_install(files[i], 0, fdflags, &fds[i]) != 0)
			break;
	}
	put_all(files, i, n);
	return i;
}

/* How many there are is the peer's word. */
static int
pull(const struct lane_mail *mail, int peek, struct file *files[RIGHTS_MAX])
{
	return mail->fds <= RIGHTS_MAX ? lane_pull(mail, peek, files) : EINVAL;
}

static void
give_fds(struct msghdr *msg, size_t *used, struct scm *scm, int flags)
{
	struct file *files[RIGHTS_MAX];
	int fds[RIGHTS_MAX];
	size_t room = 0;
	uint32_t n;

	if (pull(&scm->mail, scm->peek, files) != 0) {
		msg->msg_flags |= MSG_CTRUNC;
		return;
	}
	if (msg->msg_controllen - *used > CMSG_LEN(0) &&
	    (msg->msg_flags & MSG_CTRUNC) == 0)
		room = (msg->msg_controllen - *used - CMSG_LEN(0)) /
		    sizeof(int);
	n = install(files, scm->mail.fds, room, (flags & MSG_CMSG_CLOEXEC) !=
	    0 ? FD_CLOEXEC : 0, fds);
	if (n > 0)
		control_put(msg, used, SOL_SOCKET, SCM_RIGHTS, fds,
		    n * sizeof(*fds));
	if (n < scm->mail.fds)
		msg->msg_flags |= MSG_CTRUNC;
}

void
rights_give(struct socket *s, struct msghdr *msg, struct scm *scm, int flags)
{
	struct ucred cred = { .pid = (pid_t)scm->pid };
	size_t used = 0;

	if (msg->msg_control == NULL)
		msg->msg_controllen = 0;
	if (scm->pid == 0)
		cred.uid = cred.gid = NOBODY;
	if (atomic_load(&s->un->passcred))
		control_put(msg, &used, SOL_SOCKET, SCM_CREDENTIALS, &cred,
		    sizeof(cred));
	if (scm->got)
		give_fds(msg, &used, scm, flags);
	msg->msg_flags |= flags & MSG_CMSG_CLOEXEC;
	msg->msg_controllen = used;
}

void
rights_drop(const struct lane_mail *mail)
{
	struct file *files[RIGHTS_MAX];

	if (mail->fds > 0 && pull(mail, 0, files) == 0)
		put_all(files, 0, mail->fds);
}

void
rights_arrive(struct nt_msg *m, const struct lane_mail *mail)
{
	int peek = (m->flags & MSG_PEEK) != 0;

	if (mail->fds == 0 || (peek && m->scm == NULL))
		return;
	if (m->scm == NULL) {
		rights_drop(mail);
		return;
	}
	m->scm->got = 1;
	m->scm->peek = peek;
	m->scm->mail = *mail;
}
