#include "socket/sock_nt.h"

#include <sys/uio.h>

#include <limits.h>
#include <stdlib.h>

#include "nt/calls_nt.h"
#include "nt/errmap.h"

#define SMALL_COUNT 16

/* POSIX's vectors have size_t lengths, Winsock's ULONG in another order. */
struct vectors {
	WSABUF *buf;
	DWORD count;
	WSABUF small[SMALL_COUNT];
};

static int
vectors_make(struct vectors *v, const struct nt_msg *m)
{
	size_t skip = m->skip, room, len;
	int i;

	room = m->limit != 0 ? m->limit : (size_t)INT_MAX;
	v->buf = v->small;
	v->count = 0;
	if (m->iovcnt > SMALL_COUNT) {
		v->buf = calloc((size_t)m->iovcnt, sizeof(*v->buf));
		if (v->buf == NULL)
			return ENOMEM;
	}
	for (i = 0; i < m->iovcnt && room > 0; i++) {
		len = m->iov[i].iov_len;
		if (skip >= len) {
			skip -= len;
			continue;
		}
		len -= skip;
		if (len > room)
			len = room;
		v->buf[v->count].buf = (char *)m->iov[i].iov_base + skip;
		v->buf[v->count++].len = (ULONG)len;
		room -= len;
		skip = 0;
	}
	/* Winsock wants at least one, for empty datagrams too. */
	if (v->count == 0) {
		v->buf[0].buf = (char *)v;
		v->buf[0].len = 0;
		v->count = 1;
	}
	return 0;
}

static void
vectors_free(struct vectors *v)
{
	if (v->buf != v->small)
		free(v->buf);
}

static size_t
vectors_bytes(const struct vectors *v)
{
	size_t sum = 0;
	DWORD i;

	for (i = 0; i < v->count; i++)
		sum += v->buf[i].len;
	return sum;
}

/* Winsock's form of a datagram with control data. */
static WSAMSG
message(const struct nt_msg *m, struct vectors *v, size_t controllen)
{
	WSAMSG msg = { 0 };

	msg.name = m->name;
	msg.namelen = m->name != NULL ? m->namelen : 0;
	msg.lpBuffers = v->buf;
	msg.dwBufferCount = v->count;
	msg.Control.buf = (char *)m->control->bytes;
	msg.Control.len = (ULONG)controllen;
	return msg;
}

static int
send_with_control(uintptr_t sock, struct nt_msg *m, struct vectors *v,
    DWORD *n)
{
	WSAMSG msg = message(m, v, m->control->len);

	return winsock.WSASendMsg(sock, &msg, (DWORD)m->flags, n, NULL, NULL);
}

/* Winsock has no WSARecvMsg to link with: its provider is asked. */
static int
find_recvmsg(uintptr_t sock, LPFN_WSARECVMSG *call)
{
	GUID id = WSAID_WSARECVMSG;
	DWORD n;

	return winsock.WSAIoctl(sock, SIO_GET_EXTENSION_FUNCTION_POINTER, &id,
	    sizeof(id), call, sizeof(*call), &n, NULL, NULL);
}

static int
recv_with_control(uintptr_t sock, struct nt_msg *m, struct vectors *v,
    DWORD *n, DWORD *flags)
{
	WSAMSG msg = message(m, v, sizeof(m->control->bytes));
	LPFN_WSARECVMSG call;
	int rc;

	msg.dwFlags = *flags;
	if (find_recvmsg(sock, &call) != 0)
		return SOCKET_ERROR;
	rc = call(sock, &msg, n, NULL, NULL);
	if (rc != 0 && WSAGetLastError() != WSAEMSGSIZE)
		return rc;
	m->namelen = msg.namelen;
	m->control->len = msg.Control.len;
	m->control->truncated = (msg.dwFlags & MSG_CTRUNC) != 0;
	return rc;
}

int
nt_sock_send(uintptr_t sock, struct nt_msg *m, size_t *done)
{
	struct vectors v;
	DWORD n = 0;
	int err, rc;

	if ((err = vectors_make(&v, m)) != 0)
		return err;
	if (m->control != NULL && m->control->len > 0)
		rc = send_with_control(sock, m, &v, &n);
	else if (m->name != NULL)
		rc = winsock.WSASendTo(sock, v.buf, v.count, &n,
		    (DWORD)m->flags, m->name, m->namelen, NULL, NULL);
	else
		rc = winsock.WSASend(sock, v.buf, v.count, &n, (DWORD)m->flags,
		    NULL, NULL);
	if (rc != 0)
		err = nt_errno((uint32_t)WSAGetLastError());
	*done = n;
	vectors_free(&v);
	return err;
}

int
nt_sock_recv(uintptr_t sock, struct nt_msg *m, size_t *done)
{
	DWORD n = 0, flags = (DWORD)m->flags;
	struct vectors v;
	int err, rc;

	if ((err = vectors_make(&v, m)) != 0)
		return err;
	m->truncated = 0;
	if (m->control != NULL)
		rc = recv_with_control(sock, m, &v, &n, &flags);
	else if (m->name != NULL)
		rc = winsock.WSARecvFrom(sock, v.buf, v.count, &n, &flags,
		    m->name, &m->namelen, NULL, NULL);
	else
		rc = winsock.WSARecv(sock, v.buf, v.count, &n, &flags, NULL,
		    NULL);
	if (rc != 0 && WSAGetLastError() == WSAEMSGSIZE) {
		/* The buffers are full, the rest of the datagram is lost. */
		m->truncated = 1;
		n = (DWORD)vectors_bytes(&v);
	} else if (rc != 0) {
		err = nt_errno((uint32_t)WSAGetLastError());
	}
	*done = n;
	vectors_free(&v);
	return err;
}
