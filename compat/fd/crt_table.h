/*
 * What a C runtime tells the one of its child in STARTUPINFO.lpReserved2: int n,
 * unsigned char mark[n], HANDLE h[n], none of it aligned.  The marks are of the
 * runtime's internal.h; Microsoft never told.
 */
#ifndef FD_CRT_TABLE_H
#define FD_CRT_TABLE_H

#define CRT_OPEN	0x01
#define CRT_PIPE	0x08
#define CRT_APPEND	0x20
#define CRT_DEVICE	0x40

#endif
