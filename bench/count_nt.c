/*
 * How many calls into the kernel a piece of code makes: each system call's
 * stub in ntdll is led over a counter.  A stub begins with
 *
 *	4c 8b d1	mov r10, rcx
 *	b8 nn nn nn nn	mov eax, number
 *
 * on every x64 NT, and under Wine; what looks otherwise is left alone.
 */
#include "bench/raw.h"

#include <stddef.h>
#include <string.h>

#include "nt/nt.h"

#define HEAD 8			/* bytes of a stub that are executed elsewhere */
#define ROOM (128 * 1024)

/* lock inc qword [rip - 8 - 8]; the stub's head; jmp [rip + 0]. */
struct detour {
	uint64_t count;
	unsigned char increment[8];
	unsigned char head[HEAD];
	unsigned char jump[6];
	unsigned char back[8];
	unsigned char pad[2];
};

static struct detour *detours;
static size_t made;

/* A jump reaches two gigabytes. */
static void *
alloc_near(const unsigned char *to)
{
	const unsigned char *at;
	void *p;
	int i;

	for (i = 1; i < 16384; i++) {
		at = to + (ptrdiff_t)i * 65536;
		p = VirtualAlloc((void *)((uintptr_t)at & ~(uintptr_t)0xffff),
		    ROOM, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
		if (p != NULL)
			return p;
	}
	return NULL;
}

static void
lead(unsigned char *stub)
{
	static const unsigned char mov[] = { 0x4c, 0x8b, 0xd1, 0xb8 };
	static const unsigned char increment[] = { 0xf0, 0x48, 0xff, 0x05,
	    0xf0, 0xff, 0xff, 0xff };
	static const unsigned char jump[] = { 0xff, 0x25, 0, 0, 0, 0 };
	unsigned char *back = stub + HEAD;
	struct detour *d = &detours[made];
	int32_t distance;
	DWORD old;

	if (memcmp(stub, mov, sizeof(mov)) != 0 ||
	    (made + 1) * sizeof(*d) > ROOM ||
	    !VirtualProtect(stub, HEAD, PAGE_EXECUTE_READWRITE, &old))
		return;
	(void)memcpy(d->increment, increment, sizeof(increment));
	(void)memcpy(d->head, stub, HEAD);
	(void)memcpy(d->jump, jump, sizeof(jump));
	(void)memcpy(d->back, &back, sizeof(back));
	distance = (int32_t)(d->increment - (stub + 5));
	(void)memcpy(stub + 1, &distance, sizeof(distance));
	stub[0] = 0xe9;
	(void)VirtualProtect(stub, HEAD, old, &old);
	made++;
}

static int
is_call(const char *name)
{
	return name[0] == 'N' && name[1] == 't' && name[2] >= 'A' &&
	    name[2] <= 'Z';
}

int
count_begin(void)
{
#ifdef __x86_64__
	unsigned char *base = (unsigned char *)GetModuleHandleW(L"ntdll.dll");
	IMAGE_NT_HEADERS *h = (void *)(base +
	    ((IMAGE_DOS_HEADER *)base)->e_lfanew);
	IMAGE_EXPORT_DIRECTORY *e = (void *)(base + h->OptionalHeader.
	    DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress);
	const DWORD *names = (const DWORD *)(base + e->AddressOfNames);
	const DWORD *at = (const DWORD *)(base + e->AddressOfFunctions);
	const WORD *ordinal = (const WORD *)(base + e->AddressOfNameOrdinals);
	DWORD i;

	if ((detours = alloc_near(base)) == NULL)
		return -1;
	for (i = 0; i < e->NumberOfNames; i++)
		if (is_call((const char *)(base + names[i])))
			lead(base + at[ordinal[i]]);
#endif
	return made > 0 ? 0 : -1;
}

unsigned long long
count_calls(void)
{
	unsigned long long sum = 0;
	size_t i;

	for (i = 0; i < made; i++)
		sum += detours[i].count;
	return sum;
}
