#include "compat/nt/fault.h"

#include <string.h>

#include "compat/nt/chance.h"
#include "nt/calls_nt.h"

#define RULES 8

static struct rule {
	const char *call;
	unsigned int skip, times;
	uint32_t code;
} rules[RULES];

static struct {
	DWORD thread;
	unsigned int countdown, hits, later;
	uint32_t later_status, limit;
	const char *name;
	HANDLE port;		/* that an AFD handle was last given to */
} state;

static struct nt_calls real_nt;
static struct winsock_calls real_winsock;

/* Does this call fail?  status: its error is an NTSTATUS. */
static int
trip(const char *call, uint32_t nth_code, uint32_t *code)
{
	struct rule *r;

	if (chance_is_on()) {
		*code = nth_code;
		return chance_is_for(call) && chance_strikes();
	}
	if (GetCurrentThreadId() != state.thread)
		return 0;
	*code = nth_code;
	if (state.countdown > 0 && --state.countdown == 0) {
		state.name = call;
		state.hits++;
		return 1;
	}
	for (r = rules; r < rules + RULES; r++) {
		if (r->call == NULL || strcmp(r->call, call) != 0)
			continue;
		if (r->skip > 0) {
			r->skip--;
			return 0;
		}
		if (r->times == 0)
			return 0;
		if (r->times != FOR_EVER)
			r->times--;
		*code = r->code;
		state.name = call;
		state.hits++;
		return 1;
	}
	return 0;
}

/* A call of the table that tells its error by SetLastError(). */
#define CALL(table, type, conv, name, failure, nth, params, args)	\
static type conv							\
fault_##name params							\
{									\
	uint32_t code;							\
									\
	if (!trip(#name, nth, &code))					\
		return real_##table.name args;				\
	SetLastError(code);						\
	return failure;							\
}

#define NT(type, name, failure, params, args) \
    CALL(nt, type, WINAPI, name, failure, NO_RESOURCES, params, args)
#define SOCK(type, name, failure, params, args) \
    CALL(winsock, type, WSAAPI, name, failure, WSAENOBUFS, params, args)

NT(HANDLE, CreateEventW, NULL, (SECURITY_ATTRIBUTES *sa, BOOL manual,
    BOOL set, LPCWSTR name), (sa, manual, set, name))
NT(HANDLE, CreateFileW, INVALID_HANDLE_VALUE, (LPCWSTR name, DWORD access,
    DWORD share, SECURITY_ATTRIBUTES *sa, DWORD how, DWORD flags, HANDLE h),
    (name, access, share, sa, how, flags, h))
NT(BOOLEAN, CreateSymbolicLinkW, FALSE, (LPCWSTR name, LPCWSTR target,
    DWORD flags), (name, target, flags))
NT(HANDLE, CreateNamedPipeW, INVALID_HANDLE_VALUE, (LPCWSTR name, DWORD open,
    DWORD mode, DWORD max, DWORD out, DWORD in, DWORD timeout,
    SECURITY_ATTRIBUTES *sa), (name, open, mode, max, out, in, timeout, sa))
NT(WINBOOL, DeleteFileW, FALSE, (LPCWSTR name), (name))
NT(WINBOOL, DuplicateHandle, FALSE, (HANDLE p, HANDLE h, HANDLE q, HANDLE *to,
    DWORD access, BOOL inherit, DWORD options),
    (p, h, q, to, access, inherit, options))
NT(HANDLE, FindFirstFileW, INVALID_HANDLE_VALUE, (LPCWSTR name,
    WIN32_FIND_DATAW *found), (name, found))
NT(WINBOOL, FlushFileBuffers, FALSE, (HANDLE h), (h))
NT(WINBOOL, LockFileEx, FALSE, (HANDLE h, DWORD flags, DWORD zero, DWORD lo,
    DWORD hi, OVERLAPPED *ov), (h, flags, zero, lo, hi, ov))
NT(WINBOOL, UnlockFileEx, FALSE, (HANDLE h, DWORD zero, DWORD lo, DWORD hi,
    OVERLAPPED *ov), (h, zero, lo, hi, ov))
NT(WINBOOL, ReadFile, FALSE, (HANDLE h, LPVOID buf, DWORD len, DWORD *n,
    OVERLAPPED *ov), (h, buf, len, n, ov))
NT(HANDLE, CreateFileMappingW, NULL, (HANDLE h, SECURITY_ATTRIBUTES *sa,
    DWORD protect, DWORD hi, DWORD lo, LPCWSTR name),
    (h, sa, protect, hi, lo, name))
NT(WINBOOL, AssignProcessToJobObject, FALSE, (HANDLE job, HANDLE process),
    (job, process))
NT(HANDLE, CreateJobObjectW, NULL, (SECURITY_ATTRIBUTES *sa, LPCWSTR name),
    (sa, name))
NT(WINBOOL, SetInformationJobObject, FALSE, (HANDLE job,
    JOBOBJECTINFOCLASS what, LPVOID info, DWORD len), (job, what, info, len))
NT(HANDLE, CreateThread, NULL, (SECURITY_ATTRIBUTES *sa, SIZE_T stack,
    LPTHREAD_START_ROUTINE run, LPVOID arg, DWORD flags, DWORD *id),
    (sa, stack, run, arg, flags, id))
NT(HANDLE, CreateMutexW, NULL, (SECURITY_ATTRIBUTES *sa, BOOL owned,
    LPCWSTR name), (sa, owned, name))
NT(HANDLE, OpenEventW, NULL, (DWORD access, BOOL inherit, LPCWSTR name),
    (access, inherit, name))
NT(HANDLE, OpenFileMappingW, NULL, (DWORD access, BOOL inherit,
    LPCWSTR name), (access, inherit, name))
NT(HANDLE, OpenMutexW, NULL, (DWORD access, BOOL inherit, LPCWSTR name),
    (access, inherit, name))
NT(WINBOOL, DeviceIoControl, FALSE, (HANDLE h, DWORD what, LPVOID in,
    DWORD inlen, LPVOID out, DWORD outlen, DWORD *n, OVERLAPPED *ov),
    (h, what, in, inlen, out, outlen, n, ov))
NT(HANDLE, ReOpenFile, INVALID_HANDLE_VALUE, (HANDLE h, DWORD access,
    DWORD share, DWORD flags), (h, access, share, flags))

NT(WINBOOL, ReadDirectoryChangesW, FALSE, (HANDLE h, LPVOID buf, DWORD len,
    WINBOOL tree, DWORD filter, LPDWORD n, LPOVERLAPPED ov,
    LPOVERLAPPED_COMPLETION_ROUTINE fn), (h, buf, len, tree, filter, n, ov, fn))

NT(WINBOOL, FlushViewOfFile, FALSE, (LPCVOID at, SIZE_T size), (at, size))
NT(LPVOID, VirtualAlloc, NULL, (LPVOID at, SIZE_T size, DWORD kind,
    DWORD prot), (at, size, kind, prot))
NT(WINBOOL, VirtualLock, FALSE, (LPVOID at, SIZE_T size), (at, size))
NT(WINBOOL, VirtualProtect, FALSE, (LPVOID at, SIZE_T size, DWORD prot,
    DWORD *old), (at, size, prot, old))

NT(WINBOOL, CreateProcessW, FALSE, (LPCWSTR file, LPWSTR line,
    SECURITY_ATTRIBUTES *sa, SECURITY_ATTRIBUTES *thread_sa, BOOL inherit,
    DWORD flags, LPVOID env, LPCWSTR dir, STARTUPINFOW *si,
    PROCESS_INFORMATION *info),
    (file, line, sa, thread_sa, inherit, flags, env, dir, si, info))
NT(WINBOOL, K32EnumProcesses, FALSE, (DWORD *pids, DWORD room, DWORD *n),
    (pids, room, n))
NT(TP_WAIT *, CreateThreadpoolWait, NULL, (PTP_WAIT_CALLBACK fn, PVOID arg,
    PTP_CALLBACK_ENVIRON env), (fn, arg, env))
NT(WINBOOL, InitializeProcThreadAttributeList, FALSE,
    (LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD n, DWORD flags, SIZE_T *size),
    (list, n, flags, size))
NT(WINBOOL, UpdateProcThreadAttribute, FALSE,
    (LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD flags, DWORD_PTR what,
    PVOID value, SIZE_T size, PVOID old, SIZE_T *back),
    (list, flags, what, value, size, old, back))
NT(LPVOID, MapViewOfFile, NULL, (HANDLE h, DWORD access, DWORD hi, DWORD lo,
    SIZE_T size), (h, access, hi, lo, size))

SOCK(int, WSAIoctl, SOCKET_ERROR, (SOCKET s, DWORD request, LPVOID in,
    DWORD inlen, LPVOID out, DWORD outlen, DWORD *n, WSAOVERLAPPED *ov,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE fn),
    (s, request, in, inlen, out, outlen, n, ov, fn))
SOCK(int, WSARecv, SOCKET_ERROR, (SOCKET s, WSABUF *buf, DWORD count,
    DWORD *n, DWORD *flags, WSAOVERLAPPED *ov,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE fn), (s, buf, count, n, flags, ov, fn))
SOCK(int, WSASend, SOCKET_ERROR, (SOCKET s, WSABUF *buf, DWORD count,
    DWORD *n, DWORD flags, WSAOVERLAPPED *ov,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE fn), (s, buf, count, n, flags, ov, fn))
SOCK(SOCKET, WSASocketW, INVALID_SOCKET, (int family, int type, int protocol,
    WSAPROTOCOL_INFOW *info, GROUP group, DWORD flags),
    (family, type, protocol, info, group, flags))
SOCK(SOCKET, accept, INVALID_SOCKET, (SOCKET s, struct sockaddr *addr,
    int *len), (s, addr, len))
SOCK(int, bind, SOCKET_ERROR, (SOCKET s, const struct sockaddr *addr,
    int len), (s, addr, len))
SOCK(int, connect, SOCKET_ERROR, (SOCKET s, const struct sockaddr *addr,
    int len), (s, addr, len))
SOCK(int, getpeername, SOCKET_ERROR, (SOCKET s, struct sockaddr *addr,
    int *len), (s, addr, len))
SOCK(int, getsockname, SOCKET_ERROR, (SOCKET s, struct sockaddr *addr,
    int *len), (s, addr, len))
SOCK(int, getsockopt, SOCKET_ERROR, (SOCKET s, int level, int name, char *val,
    int *len), (s, level, name, val, len))
SOCK(int, setsockopt, SOCKET_ERROR, (SOCKET s, int level, int name,
    const char *val, int len), (s, level, name, val, len))
SOCK(int, ioctlsocket, SOCKET_ERROR, (SOCKET s, long request, u_long *arg),
    (s, request, arg))
SOCK(int, listen, SOCKET_ERROR, (SOCKET s, int backlog), (s, backlog))

static WINBOOL WINAPI
fault_WriteFile(HANDLE h, LPCVOID buf, DWORD len, DWORD *n, OVERLAPPED *ov)
{
	uint32_t code;

	if (trip("WriteFile", NO_RESOURCES, &code)) {
		SetLastError(code);
		return FALSE;
	}
	return real_nt.WriteFile(h, buf, len < state.limit ? len : state.limit,
	    n, ov);
}

static NTSTATUS
later(NTSTATUS status, IO_STATUS_BLOCK *iosb)
{
	uint32_t code;

	if (!trip("pending", S_NO_RESOURCES, &code))
		return status;
	iosb->Status = (NTSTATUS)code;
	iosb->Information = 0;
	return STATUS_PENDING;
}

static NTSTATUS NTAPI
fault_NtReadFile(HANDLE h, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
    IO_STATUS_BLOCK *iosb, PVOID buf, ULONG len, LARGE_INTEGER *off, ULONG *key)
{
	uint32_t code;

	if (trip("NtReadFile", S_NO_RESOURCES, &code))
		return (NTSTATUS)code;
	return later(real_nt.NtReadFile(h, event, apc, context, iosb, buf, len,
	    off, key), iosb);
}

static NTSTATUS NTAPI
fault_NtWriteFile(HANDLE h, HANDLE event, PIO_APC_ROUTINE apc, PVOID context,
    IO_STATUS_BLOCK *iosb, PVOID buf, ULONG len, LARGE_INTEGER *off, ULONG *key)
{
	uint32_t code;

	if (trip("NtWriteFile", S_NO_RESOURCES, &code))
		return (NTSTATUS)code;
	return later(real_nt.NtWriteFile(h, event, apc, context, iosb, buf,
	    len < state.limit ? len : state.limit, off, key), iosb);
}

/* The operation is over in any case: nothing may own the buffers. */
static WINBOOL WINAPI
fault_GetOverlappedResult(HANDLE h, OVERLAPPED *ov, DWORD *n, BOOL wait)
{
	BOOL ok = real_nt.GetOverlappedResult(h, ov, n, wait);
	DWORD real = GetLastError();
	uint32_t code;

	if (trip("GetOverlappedResult", NO_RESOURCES, &code)) {
		ok = FALSE;
		real = code;
	}
	SetLastError(real);
	return ok;
}

static WINBOOL WINAPI
fault_SetInformation(HANDLE h, FILE_INFO_BY_HANDLE_CLASS class, LPVOID info,
    DWORD len)
{
	static const char *const names[] = { [0] = "BasicInfo",
	    [4] = "DispositionInfo", [6] = "EndOfFileInfo",
	    [21] = "DispositionInfoEx" };
	uint32_t code;

	if (trip(names[class], NO_RESOURCES, &code)) {
		SetLastError(code);
		return FALSE;
	}
	return real_nt.SetFileInformationByHandle(h, class, info, len);
}

static HANDLE WINAPI
fault_CreateIoCompletionPort(HANDLE h, HANDLE port, ULONG_PTR key, DWORD max)
{
	uint32_t code;

	if (trip("CreateIoCompletionPort", NO_RESOURCES, &code)) {
		SetLastError(code);
		return NULL;
	}
	if (port != NULL)
		state.port = port;
	return real_nt.CreateIoCompletionPort(h, port, key, max);
}

/* A call of ntdll, which returns its error. */
#define STATUS(name, params, args)					\
static NTSTATUS NTAPI							\
fault_##name params							\
{									\
	uint32_t code;							\
									\
	return trip(#name, S_NO_RESOURCES, &code) ? (NTSTATUS)code :	\
	    real_nt.name args;						\
}

STATUS(NtCreateFile, (HANDLE *h, ACCESS_MASK access, OBJECT_ATTRIBUTES *attr,
    IO_STATUS_BLOCK *iosb, LARGE_INTEGER *size, ULONG attributes, ULONG share,
    ULONG how, ULONG options, PVOID ea, ULONG ealen), (h, access, attr, iosb,
    size, attributes, share, how, options, ea, ealen))

/* A completion with an error, by the road that the real one would take. */
static NTSTATUS
complete_later(HANDLE event, PVOID context, IO_STATUS_BLOCK *iosb)
{
	if (state.later != FOR_EVER && !chance_is_on())
		state.later--;
	state.hits++;
	iosb->Status = (NTSTATUS)(chance_is_on() ? S_NO_RESOURCES :
	    state.later_status);
	iosb->Information = 0;
	if (event != NULL)
		(void)SetEvent(event);
	if (context != NULL)
		(void)real_nt.NtSetIoCompletion(state.port, NULL, context,
		    iosb->Status, 0);
	return STATUS_PENDING;
}

static NTSTATUS NTAPI
fault_NtDeviceIoControlFile(HANDLE h, HANDLE event, PIO_APC_ROUTINE apc,
    PVOID context, IO_STATUS_BLOCK *iosb, ULONG code, PVOID in, ULONG inlen,
    PVOID out, ULONG outlen)
{
	uint32_t status;

	if (trip("NtDeviceIoControlFile", S_NO_RESOURCES, &status))
		return (NTSTATUS)status;
	if (chance_strikes() ||
	    (state.later > 0 && GetCurrentThreadId() == state.thread))
		return complete_later(event, context, iosb);
	return real_nt.NtDeviceIoControlFile(h, event, apc, context, iosb,
	    code, in, inlen, out, outlen);
}

STATUS(NtCreateSection, (HANDLE *s, ACCESS_MASK access,
    OBJECT_ATTRIBUTES *attr, LARGE_INTEGER *size, ULONG prot, ULONG kind,
    HANDLE file), (s, access, attr, size, prot, kind, file))

STATUS(NtMapViewOfSection, (HANDLE s, HANDLE process, PVOID *base,
    ULONG_PTR zeros, SIZE_T commit, LARGE_INTEGER *off, SIZE_T *size,
    int inherit, ULONG kind, ULONG prot), (s, process, base, zeros, commit,
    off, size, inherit, kind, prot))

STATUS(NtQuerySection, (HANDLE s, int class, PVOID info, SIZE_T len,
    SIZE_T *done), (s, class, info, len, done))

static NTSTATUS NTAPI
fault_NtSetInformationFile(HANDLE h, IO_STATUS_BLOCK *iosb, PVOID info,
    ULONG len, FILE_INFORMATION_CLASS class)
{
	const char *name = "NtSetInformationFile";
	uint32_t code;

	if (class == FileRenameInformation)
		name = *(BOOLEAN *)info ? "RenameReplace" : "RenameInfo";
	else if (class == FileLinkInformation)
		name = "LinkInfo";
	else if ((int)class == 65)
		name = "RenameInfoEx";
	if (trip(name, S_NO_RESOURCES, &code))
		return (NTSTATUS)code;
	return real_nt.NtSetInformationFile(h, iosb, info, len, class);
}

STATUS(NtQueryInformationFile, (HANDLE h, IO_STATUS_BLOCK *iosb, PVOID info,
    ULONG len, FILE_INFORMATION_CLASS class), (h, iosb, info, len, class))

STATUS(NtRemoveIoCompletionEx, (HANDLE port, struct port_entry *entry,
    ULONG max, ULONG *n, LARGE_INTEGER *timeout, BOOLEAN alertable), (port,
    entry, max, n, timeout, alertable))

STATUS(NtSetIoCompletion, (HANDLE port, PVOID key, PVOID context,
    NTSTATUS status, ULONG_PTR n), (port, key, context, status, n))

/* The calls that are replaced by fault_<name>. */
#define FAULT_NT(X) \
	X(CreateEventW) X(CreateFileMappingW) X(CreateFileW) \
	X(AssignProcessToJobObject) X(CreateIoCompletionPort) \
	X(CreateJobObjectW) X(CreateThread) X(SetInformationJobObject) \
	X(CreateMutexW) X(CreateNamedPipeW) \
	X(CreateProcessW) X(CreateSymbolicLinkW) X(CreateThreadpoolWait) \
	X(DeleteFileW) X(DeviceIoControl) X(DuplicateHandle) \
	X(FindFirstFileW) X(FlushFileBuffers) \
	X(FlushViewOfFile) X(GetOverlappedResult) \
	X(InitializeProcThreadAttributeList) X(K32EnumProcesses) \
	X(LockFileEx) X(MapViewOfFile) \
	X(NtCreateFile) X(NtCreateSection) X(NtDeviceIoControlFile) \
	X(NtMapViewOfSection) X(NtQueryInformationFile) X(NtQuerySection) \
	X(NtReadFile) X(NtRemoveIoCompletionEx) X(NtSetInformationFile) \
	X(NtSetIoCompletion) X(NtWriteFile) X(OpenEventW) X(OpenFileMappingW) \
	X(OpenMutexW) X(ReOpenFile) X(ReadDirectoryChangesW) X(ReadFile) \
	X(UnlockFileEx) X(UpdateProcThreadAttribute) X(VirtualAlloc) \
	X(VirtualLock) X(VirtualProtect) X(WriteFile)
#define FAULT_WINSOCK(X) \
	X(WSAIoctl) X(WSARecv) X(WSASend) X(WSASocketW) X(accept) X(bind) \
	X(connect) X(getpeername) X(getsockname) X(getsockopt) \
	X(ioctlsocket) X(listen) X(setsockopt)

static void
swap_all(void)
{
	real_nt = nt;
	real_winsock = winsock;
#define X(name) nt.name = fault_##name;
	FAULT_NT(X)
#undef X
	nt.SetFileInformationByHandle = fault_SetInformation;
#define X(name) winsock.name = fault_##name;
	FAULT_WINSOCK(X)
#undef X
}

void
fault_reset(void)
{
	HANDLE port = state.port;

	if (real_nt.WriteFile == NULL)
		swap_all();
	memset(rules, 0, sizeof(rules));
	memset(&state, 0, sizeof(state));
	state.thread = GetCurrentThreadId();
	state.limit = 0xffffffffu;
	state.port = port;
}

void
fault_as_nt(int yes)
{
	nt_wine = !yes && nt_lookup(L"ntdll.dll", "wine_get_version") != NULL;
}

void
fault_set(const char *call, unsigned int skip, unsigned int times,
    uint32_t code)
{
	struct rule *r = rules;

	while (r->call != NULL && strcmp(r->call, call) != 0)
		r++;
	*r = (struct rule){ call, skip, times, code };
}

void
fault_nth(unsigned int n)
{
	state.countdown = n;
}

void
fault_later(unsigned int times, uint32_t status)
{
	state.later = times;
	state.later_status = status;
}

void
fault_short(uint32_t n)
{
	state.limit = n;
}

unsigned int
fault_hits(void)
{
	return state.hits + chance_hits();
}

const char *
fault_name(void)
{
	return state.name;
}

/*
 * GetProcessHandleCount() is 0 under Wine 8, so try them: handles are small
 * multiples of 4, and the lowest that is free is taken.
 */
unsigned int
fault_handles(void)
{
	unsigned int n = 0, free = 0;
	uintptr_t h;
	DWORD flags;

	for (h = 4; free < 256; h += 4)
		if (GetHandleInformation((HANDLE)h, &flags)) {
			n++;
			free = 0;
		} else {
			free++;
		}
	return n;
}
