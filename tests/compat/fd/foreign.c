#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "foreign.h"

#ifndef O_BINARY
#define O_BINARY 0
#endif
#ifndef O_NOINHERIT
#define O_NOINHERIT O_CLOEXEC
#endif

static int
round_of_streams(const char *path, const char *text)
{
	char buf[64] = "";
	FILE *f = fopen(path, "w+b");
	int fd, ok;

	if (f == NULL)
		return 1;
	ok = fputs(text, f) >= 0 && fflush(f) == 0 &&
	    fseek(f, 0, SEEK_SET) == 0 &&
	    fgets(buf, sizeof(buf), f) != NULL && strcmp(buf, text) == 0;
	if ((fd = dup(fileno(f))) < 0)
		ok = 0;
	else if (lseek(fd, 0, SEEK_END) != (long)strlen(text) ||
	    close(fd) != 0)
		ok = 0;
	return fclose(f) != 0 || !ok;
}

static int
round_of_descriptors(const char *path, const char *text)
{
	char buf[64] = "";
	int a = open(path, O_RDWR | O_CREAT | O_TRUNC | O_BINARY, 0600), b, ok;
	int n = (int)strlen(text);

	if (a < 0)
		return 1;
	if ((b = open(path, O_RDONLY | O_BINARY)) < 0) {
		(void)close(a);
		return 1;
	}
	ok = write(a, text, (unsigned int)n) == n &&
	    read(b, buf, sizeof(buf)) == n && strcmp(buf, text) == 0 &&
	    dup2(a, b) >= 0 && lseek(b, 0, SEEK_CUR) == n;
	if (close(b) != 0 || close(a) != 0)
		ok = 0;
	return !ok;
}

int
foreign_churn(const char *path, int rounds)
{
	char text[32];
	int i, bad = 0;

	for (i = 0; i < rounds; i++) {
		(void)snprintf(text, sizeof(text), "foreign %d", i);
		bad += i % 2 == 0 ? round_of_streams(path, text) :
		    round_of_descriptors(path, text);
	}
	return bad;
}

int
foreign_print(const char *text)
{
	return printf("%s", text) >= 0 && fflush(stdout) == 0 ? 0 : -1;
}

int
foreign_puts(const char *text, FILE *f)
{
	return fputs(text, f) >= 0 ? 0 : -1;
}

int
foreign_gets(char *buf, int size, FILE *f)
{
	return fgets(buf, size, f) != NULL ? 0 : -1;
}

int
foreign_fclose(FILE *f)
{
	return fclose(f);
}

int
foreign_write(int fd, const char *text)
{
	return (int)write(fd, text, (unsigned int)strlen(text));
}

int
foreign_read(int fd, char *buf, int size)
{
	return (int)read(fd, buf, (unsigned int)size);
}

int
foreign_dup(int fd)
{
	return dup(fd);
}

/* 0 or -1: the C runtime's dup2 returns 0. */
int
foreign_dup2(int fd, int to)
{
	return dup2(fd, to) < 0 ? -1 : 0;
}

int
foreign_close(int fd)
{
	return close(fd);
}

FILE *
foreign_fopen(const char *path, const char *mode)
{
	return fopen(path, mode);
}

int
foreign_open(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_BINARY, 0600);
}

int
foreign_open_private(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_BINARY | O_NOINHERIT, 0600);
}

FILE *
foreign_popen(const char *command)
{
	return popen(command, "w");
}

int
foreign_pclose(FILE *f)
{
	return pclose(f);
}
