/*
 * The NT calls that can fail in ways a test wants to see, behind a table of
 * pointers: nt.WriteFile(...).  A test replaces an entry to inject a fault or
 * to make Wine as strict as NT; nothing else ever writes to it.
 */
#ifndef NT_CALLS_NT_H
#define NT_CALLS_NT_H

#include "nt/nt.h"

/* Of ntdll, and in no public header. */
struct port_entry {
	PVOID key;
	PVOID context;
	IO_STATUS_BLOCK iosb;
};

NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE, struct port_entry *, ULONG,
    PULONG, PLARGE_INTEGER, BOOLEAN);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG, const HANDLE *, ULONG any,
    BOOLEAN alertable, PLARGE_INTEGER);
NTSTATUS NTAPI NtReadFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID,
    PIO_STATUS_BLOCK, PVOID, ULONG, PLARGE_INTEGER, PULONG);
NTSTATUS NTAPI NtWriteFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID,
    PIO_STATUS_BLOCK, PVOID, ULONG, PLARGE_INTEGER, PULONG);
NTSTATUS NTAPI NtCreateSection(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES,
    PLARGE_INTEGER, ULONG, ULONG, HANDLE);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE, HANDLE, PVOID *, ULONG_PTR, SIZE_T,
    PLARGE_INTEGER, PSIZE_T, int, ULONG, ULONG);
NTSTATUS NTAPI NtQuerySection(HANDLE, int, PVOID, SIZE_T, PSIZE_T);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE, PVOID);
NTSTATUS NTAPI NtSetIoCompletion(HANDLE, PVOID, PVOID, NTSTATUS, ULONG_PTR);
NTSTATUS NTAPI NtSuspendThread(HANDLE, PULONG);
NTSTATUS NTAPI NtResumeThread(HANDLE, PULONG);
NTSTATUS NTAPI NtGetContextThread(HANDLE, PCONTEXT);
NTSTATUS NTAPI NtSetContextThread(HANDLE, const CONTEXT *);

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR);
NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES,
    FILE_BASIC_INFORMATION *);
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID,
    PIO_STATUS_BLOCK, PVOID, ULONG, FILE_INFORMATION_CLASS, BOOLEAN,
    PUNICODE_STRING, BOOLEAN);

#define NT_CALLS(X) \
	X(AssignProcessToJobObject) \
	X(CancelIoEx) \
	X(CloseHandle) \
	X(CreateEventW) \
	X(CreateFileMappingW) \
	X(CreateFileW) \
	X(CreateIoCompletionPort) \
	X(CreateJobObjectW) \
	X(CreateMutexW) \
	X(CreateNamedPipeW) \
	X(CreateProcessW) \
	X(CreateThread) \
	X(CreateThreadpoolWait) \
	X(CreateSymbolicLinkW) \
	X(CreateWaitableTimerExW) \
	X(DeleteFileW) \
	X(DeviceIoControl) \
	X(DuplicateHandle) \
	X(FindFirstFileW) \
	X(FlushFileBuffers) \
	X(FlushViewOfFile) \
	X(GetOverlappedResult) \
	X(InitializeProcThreadAttributeList) \
	X(K32EnumProcesses) \
	X(LoadLibraryExW) \
	X(LockFileEx) \
	X(MapViewOfFile) \
	X(NtCreateFile) \
	X(NtCreateSection) \
	X(NtDeviceIoControlFile) \
	X(NtGetContextThread) \
	X(NtReadFile) \
	X(NtMapViewOfSection) \
	X(NtQuerySection) \
	X(NtQueryAttributesFile) \
	X(NtQueryDirectoryFile) \
	X(NtQueryInformationFile) \
	X(NtRemoveIoCompletionEx) \
	X(NtSetContextThread) \
	X(NtSetInformationFile) \
	X(NtSetIoCompletion) \
	X(NtSuspendThread) \
	X(NtWriteFile) \
	X(OpenEventW) \
	X(OpenFileMappingW) \
	X(OpenMutexW) \
	X(ReOpenFile) \
	X(ReadDirectoryChangesW) \
	X(ReadFile) \
	X(SetFileInformationByHandle) \
	X(SetInformationJobObject) \
	X(SetWaitableTimer) \
	X(StartServiceCtrlDispatcherW) \
	X(UnlockFileEx) \
	X(VirtualAlloc) \
	X(VirtualLock) \
	X(VirtualProtect) \
	X(UpdateProcThreadAttribute) \
	X(WriteFile)

struct nt_calls {
#define X(name) __typeof__(&name) name;
	NT_CALLS(X)
#undef X
};

extern struct nt_calls nt;

/* What Wine lacks: NULL where it is missing. */
struct nt_late {
	NTSTATUS (NTAPI *NtCreateWaitCompletionPacket)(PHANDLE, ACCESS_MASK,
	    POBJECT_ATTRIBUTES);
	NTSTATUS (NTAPI *NtAssociateWaitCompletionPacket)(HANDLE, HANDLE,
	    HANDLE, PVOID, PVOID, NTSTATUS, ULONG_PTR, BOOLEAN *);
	NTSTATUS (NTAPI *NtCancelWaitCompletionPacket)(HANDLE, BOOLEAN);
};

extern struct nt_late nt_late;

/* Winsock's: a table of its own, so that only who has sockets links it. */
#define WINSOCK_CALLS(X) \
	X(WSAIoctl) \
	X(WSARecv) \
	X(WSARecvFrom) \
	X(WSASend) \
	X(WSASendMsg) \
	X(WSASendTo) \
	X(WSASocketW) \
	X(accept) \
	X(bind) \
	X(closesocket) \
	X(connect) \
	X(getpeername) \
	X(getsockname) \
	X(getsockopt) \
	X(ioctlsocket) \
	X(listen) \
	X(setsockopt) \
	X(shutdown)

struct winsock_calls {
#define X(name) __typeof__(&name) name;
	WINSOCK_CALLS(X)
#undef X
};

extern struct winsock_calls winsock;

/*
 * A function that an older NT or Wine may lack, NULL when it does.  The
 * library stays loaded.
 */
FARPROC nt_lookup(const wchar_t *library, const char *name);

/* A manual-reset event for one overlapped operation: the thread's, or stored. */
int nt_event_take(HANDLE *event);
void nt_event_give(HANDLE event);

/*
 * For what Wine does otherwise than NT and nobody can find out by trying: what
 * happens between two of its calls.  A test may say that this is NT.
 */
extern int nt_wine;

#endif
