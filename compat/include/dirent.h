/* <dirent.h>: ours (mingw's knows neither UTF-8 nor file types). */
#ifndef COMPAT_DIRENT_H
#define COMPAT_DIRENT_H

#include <bits/crt.h>
#include <bits/sym.h>
#include <sys/types.h>

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12

/* 255 UTF-16 units are at most 765 bytes of UTF-8. */
struct dirent {
	ino_t d_ino;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[768];
};

typedef struct compat_dir DIR;

COMPAT_BEGIN_DECLS
DIR *opendir(const char *) COMPAT_SYM(opendir);
struct dirent *readdir(DIR *) COMPAT_SYM(readdir);
void rewinddir(DIR *) COMPAT_SYM(rewinddir);
int closedir(DIR *) COMPAT_SYM(closedir);
COMPAT_END_DECLS

#endif
