#include <string.h>

#include <errno.h>
#include <stdio.h>

/*
 * The CRT's own strerror stops at 42 (msvcrt) or 140 (UCRT).  The sentences are
 * those that glibc's users know.
 */
#define SENTENCES(X) \
	X(0, "Success") \
	X(E2BIG, "Argument list too long") \
	X(EACCES, "Permission denied") \
	X(EADDRINUSE, "Address already in use") \
	X(EADDRNOTAVAIL, "Cannot assign requested address") \
	X(EAFNOSUPPORT, "Address family not supported by protocol") \
	X(EAGAIN, "Resource temporarily unavailable") \
	X(EALREADY, "Operation already in progress") \
	X(EBADF, "Bad file descriptor") \
	X(EBADFD, "File descriptor in bad state") \
	X(EBADMSG, "Bad message") \
	X(EBUSY, "Device or resource busy") \
	X(ECANCELED, "Operation canceled") \
	X(ECHILD, "No child processes") \
	X(ECONNABORTED, "Software caused connection abort") \
	X(ECONNREFUSED, "Connection refused") \
	X(ECONNRESET, "Connection reset by peer") \
	X(EDEADLK, "Resource deadlock avoided") \
	X(EDESTADDRREQ, "Destination address required") \
	X(EDOM, "Numerical argument out of domain") \
	X(EDQUOT, "Disk quota exceeded") \
	X(EEXIST, "File exists") \
	X(EFAULT, "Bad address") \
	X(EFBIG, "File too large") \
	X(EHOSTDOWN, "Host is down") \
	X(EHOSTUNREACH, "No route to host") \
	X(EIDRM, "Identifier removed") \
	X(EILSEQ, "Invalid or incomplete multibyte or wide character") \
	X(EINPROGRESS, "Operation now in progress") \
	X(EINTR, "Interrupted system call") \
	X(EINVAL, "Invalid argument") \
	X(EIO, "Input/output error") \
	X(EISCONN, "Transport endpoint is already connected") \
	X(EISDIR, "Is a directory") \
	X(ELOOP, "Too many levels of symbolic links") \
	X(EMFILE, "Too many open files") \
	X(EMLINK, "Too many links") \
	X(EMSGSIZE, "Message too long") \
	X(EMULTIHOP, "Multihop attempted") \
	X(ENAMETOOLONG, "File name too long") \
	X(ENETDOWN, "Network is down") \
	X(ENETRESET, "Network dropped connection on reset") \
	X(ENETUNREACH, "Network is unreachable") \
	X(ENFILE, "Too many open files in system") \
	X(ENOBUFS, "No buffer space available") \
	X(ENODATA, "No data available") \
	X(ENODEV, "No such device") \
	X(ENOENT, "No such file or directory") \
	X(ENOEXEC, "Exec format error") \
	X(ENOLCK, "No locks available") \
	X(ENOLINK, "Link has been severed") \
	X(ENOMEM, "Cannot allocate memory") \
	X(ENOMSG, "No message of desired type") \
	X(ENOPROTOOPT, "Protocol not available") \
	X(ENOSPC, "No space left on device") \
	X(ENOSR, "Out of streams resources") \
	X(ENOSTR, "Device not a stream") \
	X(ENOSYS, "Function not implemented") \
	X(ENOTBLK, "Block device required") \
	X(ENOTCONN, "Transport endpoint is not connected") \
	X(ENOTDIR, "Not a directory") \
	X(ENOTEMPTY, "Directory not empty") \
	X(ENOTRECOVERABLE, "State not recoverable") \
	X(ENOTSOCK, "Socket operation on non-socket") \
	X(ENOTSUP, "Not supported") \
	X(ENOTTY, "Inappropriate ioctl for device") \
	X(ENXIO, "No such device or address") \
	X(EOPNOTSUPP, "Operation not supported") \
	X(EOVERFLOW, "Value too large for defined data type") \
	X(EOWNERDEAD, "Owner died") \
	X(EPERM, "Operation not permitted") \
	X(EPFNOSUPPORT, "Protocol family not supported") \
	X(EPIPE, "Broken pipe") \
	X(EPROTO, "Protocol error") \
	X(EPROTONOSUPPORT, "Protocol not supported") \
	X(EPROTOTYPE, "Protocol wrong type for socket") \
	X(ERANGE, "Numerical result out of range") \
	X(EREMOTE, "Object is remote") \
	X(EROFS, "Read-only file system") \
	X(ESHUTDOWN, "Cannot send after transport endpoint shutdown") \
	X(ESOCKTNOSUPPORT, "Socket type not supported") \
	X(ESPIPE, "Illegal seek") \
	X(ESRCH, "No such process") \
	X(ESTALE, "Stale file handle") \
	X(ETIME, "Timer expired") \
	X(ETIMEDOUT, "Connection timed out") \
	X(ETOOMANYREFS, "Too many references: cannot splice") \
	X(ETXTBSY, "Text file busy") \
	X(EUSERS, "Too many users") \
	X(EXDEV, "Invalid cross-device link")

static const char *
sentence(int err)
{
	switch (err) {
#define X(number, text) case number: return text;
	SENTENCES(X)
#undef X
	default:
		return NULL;
	}
}

int
strerror_r(int err, char *buf, size_t size)
{
	const char *s = sentence(err);
	int len;

	if (s != NULL)
		len = snprintf(buf, size, "%s", s);
	else
		len = snprintf(buf, size, "Unknown error %d", err);
	if (len < 0 || (size_t)len >= size)
		return ERANGE;
	return s != NULL ? 0 : EINVAL;
}

/*
 * The result is not to be written to, whatever its type says.  POSIX lets
 * threads overwrite it for each other; a _Thread_local would make every port
 * need winpthreads' DLL, where GCC emulates it by pthread_getspecific().
 */
char *
strerror(int err)
{
	static char unknown[32];
	const char *s;

	if ((s = sentence(err)) == NULL) {
		(void)snprintf(unknown, sizeof(unknown), "Unknown error %d",
		    err);
		return unknown;
	}
	return (char *)(uintptr_t)s;
}
