#include "support/unix_model.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "support/unix_model_nt.h"

#define GET_PEER_PID _WSAIOR(IOC_VENDOR, 256)
#define HANDLES 65536			/* they are small multiples of 4 */
#define PORTS 65536

struct name {
	ADDRESS_FAMILY family;
	char path[MODEL_PATH];
};

/* What all processes know of a port of ours.  Pages of others stay untouched. */
struct port {
	uint32_t pid;			/* who made the socket */
	int listening, room;		/* how many more it lets wait */
	int64_t node;			/* the file's number, -1: none any more */
	char path[MODEL_PATH];
};

/* What this process knows of a handle. */
static struct {
	int ours, owner, named;		/* owner: it is the port's first */
	uint16_t port;			/* 0: none yet */
} socks[HANDLES];

static struct winsock_calls real;
static struct port *ports;
static HANDLE mutex;
static int told;

static void
lock(void)
{
	(void)WaitForSingleObject(mutex, INFINITE);
}

static void
unlock(void)
{
	(void)ReleaseMutex(mutex);
}

static size_t
slot(SOCKET s)
{
	return (size_t)(s >> 2) % HANDLES;
}

static int
is_ours(SOCKET s)
{
	return socks[slot(s)].ours;
}

static int
fail(int code)
{
	WSASetLastError(code);
	return SOCKET_ERROR;
}

static uint16_t
port_by(int (WSAAPI *call)(SOCKET, struct sockaddr *, int *), SOCKET s)
{
	SOCKADDR_IN in;
	int len = sizeof(in);

	return call(s, (struct sockaddr *)&in, &len) == 0 ?
	    ntohs(in.sin_port) : 0;
}

static void
loopback(SOCKADDR_IN *in, uint16_t port)
{
	memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

/* Every socket has a port of its own from bind() or connect() on. */
static int
take_port(SOCKET s)
{
	struct port *p;
	SOCKADDR_IN in;

	if (socks[slot(s)].port != 0)
		return 0;
	loopback(&in, 0);
	if (real.bind(s, (struct sockaddr *)&in, sizeof(in)) != 0)
		return WSAGetLastError();
	socks[slot(s)].port = port_by(real.getsockname, s);
	socks[slot(s)].owner = 1;
	p = &ports[socks[slot(s)].port];
	memset(p, 0, sizeof(*p));
	p->node = -1;
	p->pid = GetCurrentProcessId();
	return 0;
}

/* The path, NUL-terminated: 0 or a code.  An abstract name is none. */
static int
take_name(const struct sockaddr *addr, int len, char path[MODEL_PATH])
{
	const struct name *n = (const void *)addr;
	size_t room = (size_t)len - offsetof(struct name, path);

	if (len <= (int)offsetof(struct name, path) ||
	    len > (int)sizeof(*n) || n->family != AF_UNIX ||
	    n->path[0] == '\0' || memchr(n->path, 0, room) == NULL)
		return WSAEINVAL;
	memset(path, 0, MODEL_PATH);
	memcpy(path, n->path, strlen(n->path));
	return 0;
}

static int
give_name(const char *path, struct sockaddr *addr, int *len)
{
	struct name n = { .family = AF_UNIX };

	if (addr == NULL || len == NULL || *len < (int)sizeof(n))
		return fail(WSAEFAULT);
	memcpy(n.path, path, MODEL_PATH);
	memcpy(addr, &n, sizeof(n));
	*len = sizeof(n);
	return 0;
}

static int
is_alive(uint32_t pid)
{
	HANDLE h;
	int alive;

	if (pid == GetCurrentProcessId())
		return 1;
	if ((h = OpenProcess(SYNCHRONIZE, FALSE, pid)) == NULL)
		return 0;
	alive = WaitForSingleObject(h, 0) == WAIT_TIMEOUT;
	(void)CloseHandle(h);
	return alive;
}

static SOCKET WSAAPI
model_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
    GROUP group, DWORD flags)
{
	const int ours = family == AF_UNIX && info == NULL;
	SOCKET s;

	if (ours && (type != SOCK_STREAM || protocol != 0)) {
		WSASetLastError(WSAEAFNOSUPPORT);
		return INVALID_SOCKET;
	}
	s = real.WSASocketW(ours ? AF_INET : family, type, protocol, info,
	    group, flags);
	if (s != INVALID_SOCKET) {
		memset(&socks[slot(s)], 0, sizeof(socks[0]));
		socks[slot(s)].ours = ours;
	}
	return s;
}

static int WSAAPI
model_closesocket(SOCKET s)
{
	if (is_ours(s) && socks[slot(s)].owner) {
		lock();
		ports[socks[slot(s)].port].listening = 0;
		ports[socks[slot(s)].port].node = -1;
		unlock();
	}
	memset(&socks[slot(s)], 0, sizeof(socks[0]));
	return real.closesocket(s);
}

static int WSAAPI
model_bind(SOCKET s, const struct sockaddr *addr, int len)
{
	char path[MODEL_PATH];
	struct port *p;
	int code;

	if (!is_ours(s))
		return real.bind(s, addr, len);
	if (socks[slot(s)].named)
		return fail(WSAEINVAL);
	if ((code = take_name(addr, len, path)) != 0)
		return fail(code);
	lock();
	if ((code = take_port(s)) == 0) {
		p = &ports[socks[slot(s)].port];
		code = model_node_make(path, socks[slot(s)].port, &p->node);
		if (code == 0) {
			memcpy(p->path, path, MODEL_PATH);
			socks[slot(s)].named = 1;
		}
	}
	unlock();
	return code == 0 ? 0 : fail(code);
}

static int WSAAPI
model_listen(SOCKET s, int backlog)
{
	struct port *p = &ports[socks[slot(s)].port];

	if (!is_ours(s))
		return real.listen(s, backlog);
	if (!socks[slot(s)].named)
		return fail(WSAEINVAL);
	if (real.listen(s, SOMAXCONN) != 0)
		return SOCKET_ERROR;
	lock();
	if (!p->listening)
		p->room = backlog;
	p->listening = 1;
	unlock();
	return 0;
}

/* Under the lock: the port of who listens there. */
static int
find(const char *path, uint16_t *port)
{
	const struct port *p;
	int64_t node;
	int code;

	if ((code = model_node_read(path, port, &node)) != 0)
		return code;
	p = &ports[*port];
	return p->listening && p->room > 0 && p->node == node &&
	    is_alive(p->pid) ? 0 : WSAECONNREFUSED;
}

static int WSAAPI
model_connect(SOCKET s, const struct sockaddr *addr, int len)
{
	char path[MODEL_PATH];
	SOCKADDR_IN in;
	uint16_t port;
	int code;

	if (!is_ours(s))
		return real.connect(s, addr, len);
	if ((code = take_name(addr, len, path)) != 0)
		return fail(code);
	lock();
	if ((code = find(path, &port)) == 0 && (code = take_port(s)) == 0) {
		loopback(&in, port);
		if (real.connect(s, (struct sockaddr *)&in, sizeof(in)) != 0)
			code = WSAGetLastError();
		if (code == 0 || code == WSAEWOULDBLOCK)
			ports[port].room--;
	}
	unlock();
	return code == 0 ? 0 : fail(code);
}

static SOCKET WSAAPI
model_accept(SOCKET s, struct sockaddr *addr, int *len)
{
	SOCKADDR_IN in;
	int inlen = sizeof(in);
	SOCKET conn;

	if (!is_ours(s)) {
		conn = real.accept(s, addr, len);
		if (conn != INVALID_SOCKET)
			memset(&socks[slot(conn)], 0, sizeof(socks[0]));
		return conn;
	}
	conn = real.accept(s, (struct sockaddr *)&in, &inlen);
	if (conn == INVALID_SOCKET)
		return conn;
	memset(&socks[slot(conn)], 0, sizeof(socks[0]));
	socks[slot(conn)].ours = 1;
	socks[slot(conn)].port = socks[slot(s)].port;
	lock();
	ports[socks[slot(s)].port].room++;
	unlock();
	if (addr != NULL)
		(void)give_name(told ? ports[ntohs(in.sin_port)].path : "",
		    addr, len);
	return conn;
}

static int WSAAPI
model_getsockname(SOCKET s, struct sockaddr *addr, int *len)
{
	if (!is_ours(s))
		return real.getsockname(s, addr, len);
	if (socks[slot(s)].port == 0)
		return fail(WSAEINVAL);
	return give_name(ports[socks[slot(s)].port].path, addr, len);
}

static int WSAAPI
model_getpeername(SOCKET s, struct sockaddr *addr, int *len)
{
	uint16_t port;

	if (!is_ours(s))
		return real.getpeername(s, addr, len);
	if ((port = port_by(real.getpeername, s)) == 0)
		return SOCKET_ERROR;
	/* The server's name every client knows. */
	return give_name(told || socks[slot(s)].owner ? ports[port].path : "",
	    addr, len);
}

static int WSAAPI
model_WSAIoctl(SOCKET s, DWORD what, LPVOID in, DWORD inlen, LPVOID out,
    DWORD outlen, DWORD *n, OVERLAPPED *ov,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE fn)
{
	uint16_t port;

	if (!is_ours(s) || what != GET_PEER_PID)
		return real.WSAIoctl(s, what, in, inlen, out, outlen, n, ov,
		    fn);
	if (outlen < sizeof(ULONG))
		return fail(WSAEFAULT);
	if ((port = port_by(real.getpeername, s)) == 0)
		return SOCKET_ERROR;
	memcpy(out, &ports[port].pid, sizeof(ULONG));
	*n = 0;			/* NT has been seen to say so */
	return 0;
}

static int
is_refused(SOCKET s, int level, int name)
{
	return is_ours(s) && (level == IPPROTO_TCP || (level == SOL_SOCKET &&
	    (name == SO_REUSEADDR || name == SO_EXCLUSIVEADDRUSE)));
}

static int WSAAPI
model_setsockopt(SOCKET s, int level, int name, const char *val, int len)
{
	return is_refused(s, level, name) ? fail(WSAENOPROTOOPT) :
	    real.setsockopt(s, level, name, val, len);
}

static int WSAAPI
model_getsockopt(SOCKET s, int level, int name, char *val, int *len)
{
	int rc;

	if (is_refused(s, level, name))
		return fail(WSAENOPROTOOPT);
	rc = real.getsockopt(s, level, name, val, len);
	if (rc == 0 && is_ours(s) && level == SOL_SOCKET &&
	    name == SO_PROTOCOL_INFOW)
		((WSAPROTOCOL_INFOW *)val)->iAddressFamily = AF_UNIX;
	return rc;
}

static int WSAAPI
model_WSASend(SOCKET s, WSABUF *buf, DWORD count, DWORD *n, DWORD flags,
    OVERLAPPED *ov, LPWSAOVERLAPPED_COMPLETION_ROUTINE fn)
{
	if (is_ours(s) && (flags & MSG_OOB) != 0)
		return fail(WSAEOPNOTSUPP);
	return real.WSASend(s, buf, count, n, flags, ov, fn);
}

static int WSAAPI
model_WSARecv(SOCKET s, WSABUF *buf, DWORD count, DWORD *n, DWORD *flags,
    OVERLAPPED *ov, LPWSAOVERLAPPED_COMPLETION_ROUTINE fn)
{
	if (is_ours(s) && (*flags & MSG_OOB) != 0)
		return fail(WSAEOPNOTSUPP);
	return real.WSARecv(s, buf, count, n, flags, ov, fn);
}

static void
hook(void)
{
	real = winsock;
	winsock.WSAIoctl = model_WSAIoctl;
	winsock.WSARecv = model_WSARecv;
	winsock.WSASend = model_WSASend;
	winsock.WSASocketW = model_WSASocketW;
	winsock.accept = model_accept;
	winsock.bind = model_bind;
	winsock.closesocket = model_closesocket;
	winsock.connect = model_connect;
	winsock.getpeername = model_getpeername;
	winsock.getsockname = model_getsockname;
	winsock.getsockopt = model_getsockopt;
	winsock.listen = model_listen;
	winsock.setsockopt = model_setsockopt;
	model_hook_nodes();
}

void __attribute__((constructor))
unix_model_start(void)
{
	const char *want = getenv("COMPAT_TEST_AFUNIX");
	HANDLE section;

	if (mutex != NULL || want == NULL)
		return;
	told = strcmp(want, "told") == 0;
	if (!told && strcmp(want, "untold") != 0)
		return;
	mutex = CreateMutexW(NULL, FALSE, L"Local\\libcompat-test-afunix-lock");
	section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL,
	    PAGE_READWRITE, 0, PORTS * sizeof(*ports),
	    L"Local\\libcompat-test-afunix");
	if (mutex == NULL || section == NULL)
		abort();
	ports = MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
	if (ports == NULL)
		abort();
	hook();
}
