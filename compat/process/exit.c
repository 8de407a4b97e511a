#include "process/exit.h"

#include <signal.h>
#include <stddef.h>

/* What NT ends a process with, and the signal that POSIX has for that. */
static const struct {
	uint32_t code;
	int signo;
} fault[] = {
	{ 0x80000002, SIGBUS },		/* misaligned */
	{ 0x80000003, SIGTRAP },	/* breakpoint */
	{ 0x80000004, SIGTRAP },	/* single step */
	{ 0xC0000005, SIGSEGV },	/* access violation */
	{ 0xC0000006, SIGBUS },		/* page could not be read */
	{ 0xC000001D, SIGILL },
	{ 0xC0000025, SIGILL },		/* an exception went on after its end */
	{ 0xC000008D, SIGFPE },		/* floating point, to C0000093 */
	{ 0xC000008E, SIGFPE },
	{ 0xC000008F, SIGFPE },
	{ 0xC0000090, SIGFPE },
	{ 0xC0000091, SIGFPE },
	{ 0xC0000092, SIGFPE },
	{ 0xC0000093, SIGFPE },
	{ 0xC0000094, SIGFPE },		/* integer division by zero */
	{ 0xC0000095, SIGFPE },		/* integer overflow */
	{ 0xC0000096, SIGILL },		/* privileged instruction */
	{ 0xC00000FD, SIGSEGV },	/* stack overflow */
	{ 0xC00002B4, SIGFPE },		/* vector registers */
	{ 0xC00002B5, SIGFPE },
	{ 0xC000013A, SIGINT },		/* CTRL+C */
	{ 0xC0000374, SIGABRT },	/* heap is corrupt */
	{ 0xC0000409, SIGABRT },	/* fail fast */
	{ 0x40000015, SIGABRT },	/* fatal exit of an application */
};

int
exit_signal(uint32_t code)
{
	size_t i;

	if (code > EXIT_BY(0) && code < EXIT_BY(NSIG))
		return (int)(code - EXIT_BY(0));
	for (i = 0; i < sizeof(fault) / sizeof(fault[0]); i++)
		if (fault[i].code == code)
			return fault[i].signo;
	return 0;
}
