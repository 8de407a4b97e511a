/*
 * <sys/ucontext.h> of glibc on x86-64: what is in a handler's third argument.
 * The calls of <ucontext.h> are not here (LIM-SIG-5).
 */
#ifndef COMPAT_SYS_UCONTEXT_H
#define COMPAT_SYS_UCONTEXT_H

#include <signal.h>

/* What gregset_t holds, in the order of Linux. */
#define REG_R8		0
#define REG_R9		1
#define REG_R10		2
#define REG_R11		3
#define REG_R12		4
#define REG_R13		5
#define REG_R14		6
#define REG_R15		7
#define REG_RDI		8
#define REG_RSI		9
#define REG_RBP		10
#define REG_RBX		11
#define REG_RDX		12
#define REG_RAX		13
#define REG_RCX		14
#define REG_RSP		15
#define REG_RIP		16
#define REG_EFL		17
#define REG_CSGSFS	18
#define REG_ERR		19	/* always 0: NT does not tell, */
#define REG_TRAPNO	20
#define REG_OLDMASK	21
#define REG_CR2		22	/* and si_addr has this one */

#endif
