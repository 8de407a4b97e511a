/* What an image exports. */
#include "dlfcn/module.h"

#include <stdlib.h>
#include <string.h>

#include "nt/nt.h"

static void *
lookup(uintptr_t module, const char *name)
{
	FARPROC f = GetProcAddress((HMODULE)module, name);
	void *p;

	(void)memcpy(&p, &f, sizeof(p));
	return p;
}

/* libcompat as a DLL: its calls have a prefix that only the linker sees. */
void *
module_symbol(uintptr_t module, const char *name)
{
	static const char prefix[] = "compat_";
	void *found = lookup(module, name);
	char *ours;

	if (found != NULL ||
	    (ours = malloc(sizeof(prefix) + strlen(name))) == NULL)
		return found;
	(void)strcat(strcpy(ours, prefix), name);
	found = lookup(module, ours);
	free(ours);
	return found;
}

static const IMAGE_DATA_DIRECTORY *
exports(const unsigned char *base)
{
	const IMAGE_DOS_HEADER *dos = (const void *)base;
	const IMAGE_NT_HEADERS *h = (const void *)(base + dos->e_lfanew);

	return &h->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
}

const char *
module_nearest(uintptr_t module, const void *addr, void **at)
{
	const unsigned char *base = (const unsigned char *)module;
	const IMAGE_DATA_DIRECTORY *d = exports(base);
	const IMAGE_EXPORT_DIRECTORY *e = (const void *)
	    (base + d->VirtualAddress);
	uintptr_t want = (uintptr_t)addr - module;
	const DWORD *names, *functions;
	const WORD *ordinals;
	const char *nearest = NULL;
	DWORD i, rva, best = 0;

	if (d->Size == 0)
		return NULL;
	names = (const void *)(base + e->AddressOfNames);
	functions = (const void *)(base + e->AddressOfFunctions);
	ordinals = (const void *)(base + e->AddressOfNameOrdinals);
	for (i = 0; i < e->NumberOfNames; i++) {
		rva = functions[ordinals[i]];
		/* Into the directory itself: a name in another image. */
		if (rva - d->VirtualAddress < d->Size || rva > want ||
		    rva < best)
			continue;
		best = rva;
		nearest = (const char *)base + names[i];
		*at = (void *)(module + rva);
	}
	return nearest;
}
