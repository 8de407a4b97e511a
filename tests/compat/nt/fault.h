/*
 * Faults: calls of the library's tables (nt/calls_nt.h) that fail on demand.
 * They count and fail in the thread that called fault_reset() last only.
 */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdint.h>

/* What can go wrong; the number is an NTSTATUS for Nt*. */
#define NO_RESOURCES 1450u		/* ERROR_NO_SYSTEM_RESOURCES */
#define S_NO_RESOURCES 0xC000009Au	/* STATUS_INSUFFICIENT_RESOURCES */
#define DENIED 5u			/* ERROR_ACCESS_DENIED */
#define FULL 112u			/* ERROR_DISK_FULL */
#define S_DATA 0xC000003Eu		/* STATUS_DATA_ERROR */
#define S_DENIED 0xC0000022u		/* STATUS_ACCESS_DENIED */
#define S_FULL 0xC000007Fu		/* STATUS_DISK_FULL */
#define S_READ_ONLY 0xC00000A2u		/* STATUS_MEDIA_WRITE_PROTECTED */
#define S_UNSUPPORTED 0xC000000Du	/* STATUS_INVALID_PARAMETER */
#define S_NOT_SAME_DEVICE 0xC00000D4u
#define FOR_EVER 0xffffffffu

/**
 * fault_reset():
 * Put the real calls back and forget all rules; this thread is the victim.
 */
void fault_reset(void);

/**
 * fault_as_nt(yes):
 * Let the library think that it runs on NT, or find out again.
 */
void fault_as_nt(int yes);

/**
 * fault_set(call, skip, times, code):
 * Let skip calls of that name pass and fail the next times ones with code.
 * SetFileInformationByHandle goes by its class: BasicInfo, DispositionInfo,
 * DispositionInfoEx, EndOfFileInfo; so does NtSetInformationFile: RenameInfo,
 * RenameReplace (the same class, with that flag), RenameInfoEx, LinkInfo.
 * "pending" is an NtReadFile or NtWriteFile that is accepted, done, and then
 * fails.  A few rules may be active at once, one for a name.
 */
void fault_set(const char *call, unsigned int skip, unsigned int times,
    uint32_t code);

/**
 * fault_nth(n):
 * Fail the n-th call from now, whatever it is, for lack of resources.
 */
void fault_nth(unsigned int n);

/**
 * fault_later(times, status):
 * AFD accepts the next times requests, and then they complete with status.
 */
void fault_later(unsigned int times, uint32_t status);

/**
 * fault_random(one_in):
 * From now on, in every thread, one of so many of the calls that waiting is
 * made of fails, and one of so many requests fails after AFD accepted it; 0
 * ends that.  fault_reset() must have been called before.
 */
void fault_random(unsigned int one_in);

/**
 * fault_short(n):
 * WriteFile and NtWriteFile write at most n bytes.
 */
void fault_short(uint32_t n);

/** fault_hits(): how many calls failed since the last fault_reset(). */
unsigned int fault_hits(void);

/** fault_name(): the last of them. */
const char *fault_name(void);

/** fault_handles(): how many handles this process has. */
unsigned int fault_handles(void);

/**
 * fault_watch_closes(), fault_bad_closes():
 * From the first on, count how often a handle is closed that is not there.
 */
void fault_watch_closes(void);
unsigned int fault_bad_closes(void);

#endif
