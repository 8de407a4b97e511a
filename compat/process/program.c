#include "process/program.h"

#include <stdlib.h>

const char *
program_name(void)
{
	const char *name, *p;

	if (__argv == NULL || __argv[0] == NULL)
		return "?";		/* a program with wmain() */
	for (name = p = __argv[0]; *p != '\0'; p++)
		if ((*p == '/' || *p == '\\') && p[1] != '\0')
			name = p + 1;
	return name;
}
