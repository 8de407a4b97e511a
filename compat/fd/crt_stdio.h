/*
 * The CRT's own stdio, by the names that the linker has for it: <stdio.h>
 * gives those names to ours.
 */
#ifndef FD_CRT_STDIO_H
#define FD_CRT_STDIO_H

#include <stdio.h>
#include <wchar.h>

#include <bits/sym.h>

#define CRT_SYM(name) __asm__(COMPAT_STR(__USER_LABEL_PREFIX__) #name)

int crt_fclose(FILE *) CRT_SYM(fclose);
int crt_fflush(FILE *) CRT_SYM(fflush);
int crt_fgetc(FILE *) CRT_SYM(fgetc);
char *crt_fgets(char *, int, FILE *) CRT_SYM(fgets);
int crt_fputc(int, FILE *) CRT_SYM(fputc);
int crt_fputs(const char *, FILE *) CRT_SYM(fputs);
size_t crt_fread(void *, size_t, size_t, FILE *) CRT_SYM(fread);
int crt_fseek(FILE *, long, int) CRT_SYM(fseek);
size_t crt_fwrite(const void *, size_t, size_t, FILE *) CRT_SYM(fwrite);
int crt_setvbuf(FILE *, char *, int, size_t) CRT_SYM(setvbuf);

#endif
