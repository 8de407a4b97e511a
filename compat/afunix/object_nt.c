#include "afunix/object_nt.h"

void
unix_object_name(const unsigned char id[UNIX_SECRET], const wchar_t *kind,
    wchar_t name[UNIX_OBJECT_NAME])
{
	static const wchar_t digits[] = L"0123456789abcdef";
	wchar_t *p = name;
	int i;

	p += swprintf(name, UNIX_OBJECT_NAME, L"Local\\compat-%ls-", kind);
	for (i = 0; i < UNIX_SECRET; i++) {
		*p++ = digits[id[i] >> 4];
		*p++ = digits[id[i] & 15];
	}
	*p = L'\0';
}
