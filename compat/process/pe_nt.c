#include "process/pe_nt.h"

#include <stdlib.h>
#include <string.h>

#include "nt/calls_nt.h"

#define SECTIONS 96		/* NT's loader takes no more */
#define IMPORTS 256

struct pe {
	HANDLE file;
	IMAGE_SECTION_HEADER section[SECTIONS];
	int sections;
	DWORD imports;		/* relative virtual address; 0: none */
};

static int
read_at(HANDLE file, DWORD offset, void *buf, DWORD len)
{
	OVERLAPPED at = { .Offset = offset };
	DWORD n = 0;

	(void)memset(buf, 0, len);
	return ReadFile(file, buf, len, &n, &at) && n > 0;
}

/* The directory of imports is at one place in 32 bits, at another in 64. */
static DWORD
import_address(const IMAGE_NT_HEADERS64 *h64)
{
	const IMAGE_NT_HEADERS32 *h32 = (const void *)h64;
	const IMAGE_DATA_DIRECTORY *d;

	if (h64->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC)
		d = h64->OptionalHeader.DataDirectory;
	else
		d = h32->OptionalHeader.DataDirectory;
	return d[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
}

static int
pe_open(struct pe *pe)
{
	IMAGE_DOS_HEADER dos;
	IMAGE_NT_HEADERS64 h;
	DWORD at;

	if (!read_at(pe->file, 0, &dos, sizeof(dos)) ||
	    !read_at(pe->file, (DWORD)dos.e_lfanew, &h, sizeof(h)) ||
	    h.Signature != IMAGE_NT_SIGNATURE)
		return 0;
	pe->imports = import_address(&h);
	pe->sections = h.FileHeader.NumberOfSections;
	if (pe->sections > SECTIONS)
		pe->sections = SECTIONS;
	at = (DWORD)dos.e_lfanew + (DWORD)offsetof(IMAGE_NT_HEADERS64,
	    OptionalHeader) + h.FileHeader.SizeOfOptionalHeader;
	return read_at(pe->file, at, pe->section,
	    (DWORD)sizeof(pe->section[0]) * (DWORD)pe->sections);
}

/* Where the file has what is loaded at an address: 0 for nowhere. */
static DWORD
offset_of(const struct pe *pe, DWORD address)
{
	const IMAGE_SECTION_HEADER *s;
	int i;

	for (i = 0; i < pe->sections; i++) {
		s = &pe->section[i];
		if (address >= s->VirtualAddress &&
		    address - s->VirtualAddress < s->SizeOfRawData)
			return address - s->VirtualAddress +
			    s->PointerToRawData;
	}
	return 0;
}

static int
imports_compat(const struct pe *pe)
{
	IMAGE_IMPORT_DESCRIPTOR d;
	DWORD at = offset_of(pe, pe->imports), name;
	char text[16];
	int i;

	for (i = 0; at != 0 && i < IMPORTS; i++, at += sizeof(d)) {
		if (!read_at(pe->file, at, &d, sizeof(d)) || d.Name == 0)
			break;
		if ((name = offset_of(pe, d.Name)) != 0 &&
		    read_at(pe->file, name, text, sizeof(text)) &&
		    _strnicmp(text, "libcompat", 9) == 0)
			return 1;
	}
	return 0;
}

int
pe_has_compat(HANDLE file)
{
	struct pe *pe;
	int i, found = 0;

	if ((pe = calloc(1, sizeof(*pe))) == NULL)
		return 0;
	pe->file = file;
	if (pe_open(pe)) {
		for (i = 0; i < pe->sections && !found; i++)
			found = memcmp(pe->section[i].Name, ".compat", 8) == 0;
		found = found || imports_compat(pe);
	}
	free(pe);
	return found;
}

int
pe_runs_compat(HANDLE process)
{
	static const DWORD room = 32768;	/* NT's longest path */
	DWORD n = room;
	wchar_t *path;
	HANDLE file = INVALID_HANDLE_VALUE;
	int yes = 1;

	if ((path = malloc(room * sizeof(*path))) == NULL)
		return 1;
	if (QueryFullProcessImageNameW(process, 0, path, &n))
		file = nt.CreateFileW(path, GENERIC_READ, FILE_SHARE_READ |
		    FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
	free(path);
	if (file != INVALID_HANDLE_VALUE) {
		yes = pe_has_compat(file);
		(void)CloseHandle(file);
	}
	return yes;
}
