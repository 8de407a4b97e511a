/* <sys/signalfd.h>: signals as a descriptor. */
#ifndef COMPAT_SYS_SIGNALFD_H
#define COMPAT_SYS_SIGNALFD_H

#include <bits/crt.h>

#include <stdint.h>

#include <bits/sigset.h>
#include <bits/sym.h>

/* The values of O_CLOEXEC and O_NONBLOCK, as on Linux. */
#define SFD_CLOEXEC	0x00000080
#define SFD_NONBLOCK	0x00080000

struct signalfd_siginfo {
	uint32_t ssi_signo;
	int32_t ssi_errno;
	int32_t ssi_code;
	uint32_t ssi_pid;
	uint32_t ssi_uid;
	int32_t ssi_fd;
	uint32_t ssi_tid;
	uint32_t ssi_band;
	uint32_t ssi_overrun;
	uint32_t ssi_trapno;
	int32_t ssi_status;
	int32_t ssi_int;
	uint64_t ssi_ptr;
	uint64_t ssi_utime;
	uint64_t ssi_stime;
	uint64_t ssi_addr;
	uint16_t ssi_addr_lsb;
	uint8_t ssi_pad_[46];
};

COMPAT_BEGIN_DECLS

/**
 * signalfd(fd, mask, flags):
 * Make a descriptor (fd -1), or change the mask of one, from which the signals
 * in mask can be read as struct signalfd_siginfo.  The signals have to be
 * blocked, or their disposition takes them first.
 *
 * read() takes the signals that are pending for the process or for the thread
 * that reads.  Poll and epoll show a signal that is pending for the process,
 * or for the thread that asks.
 *
 * Return the descriptor, or -1 with errno set to:
 *	EBADF		fd is not open.
 *	EFAULT		mask is a null pointer.
 *	EINVAL		fd is not a signalfd, or flags are unknown.
 *	EMFILE		no free descriptor.
 *	ENOMEM
 *
 * Source:	signalfd(2) of Linux.
 */
int signalfd(int, const sigset_t *, int) COMPAT_SYM(signalfd);

COMPAT_END_DECLS

#endif
