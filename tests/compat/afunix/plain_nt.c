#include "plain.h"

#include "fd/names.h"
#include "afunix/native_nt.h"
#include "nt/calls_nt.h"
#include "socket/sock_nt.h"

static uintptr_t
plain_socket(void)
{
	uintptr_t s;

	return nt_sock_open(AF_UNIX, SOCK_STREAM, 0, &s) == 0 &&
	    nt_sock_blocking(s) == 0 ? s : 0;
}

uintptr_t
plain_listen(const char *path)
{
	char name[NATIVE_PATH];
	uintptr_t s = plain_socket();

	if (s == 0 || native_path(path, name) != 0 ||
	    native_bind_at(s, name) != 0 || nt_sock_listen(s, 5) != 0)
		return 0;
	return s;
}

uintptr_t
plain_accept(uintptr_t listener)
{
	uintptr_t s;

	return nt_sock_accept(listener, &s) == 0 ? s : 0;
}

uintptr_t
plain_connect(const char *path)
{
	char name[NATIVE_PATH];
	uintptr_t s = plain_socket();

	return s != 0 && native_path(path, name) == 0 &&
	    native_connect_to(s, name) == 0 ? s : 0;
}

void
plain_close(uintptr_t s)
{
	nt_sock_close(s, 0);
}

int
plain_put(uintptr_t s, char c)
{
	WSABUF buf = { 1, &c };
	DWORD n;

	return winsock.WSASend(s, &buf, 1, &n, 0, NULL, NULL);
}
