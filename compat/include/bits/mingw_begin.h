/*
 * What stands before each #include_next of a header of mingw's: the platform's
 * macros become visible, and the CRT's functions whose names are ours are
 * declared as compat_crt_<name>, which nothing defines.  Plain redeclaration
 * with an asm label is not enough: under _FORTIFY_SOURCE mingw defines read
 * and open inline, and GCC then calls the CRT's without a word.
 *
 * COMPAT_IN_MINGW tells our drop-in headers that a header of mingw's includes
 * them: they pass the original through and add nothing.  bits/mingw_end.h
 * undoes all.  A macro of these names that the program defined survives.
 */
#define COMPAT_IN_MINGW 1
#include <bits/show.h>
#pragma push_macro("open")
#undef open
#define open compat_crt_open
#pragma push_macro("close")
#undef close
#define close compat_crt_close
#pragma push_macro("read")
#undef read
#define read compat_crt_read
#pragma push_macro("write")
#undef write
#define write compat_crt_write
#pragma push_macro("lseek")
#undef lseek
#define lseek compat_crt_lseek
#pragma push_macro("creat")
#undef creat
#define creat compat_crt_creat
#pragma push_macro("dup")
#undef dup
#define dup compat_crt_dup
#pragma push_macro("dup2")
#undef dup2
#define dup2 compat_crt_dup2
#pragma push_macro("access")
#undef access
#define access compat_crt_access
#pragma push_macro("chmod")
#undef chmod
#define chmod compat_crt_chmod
#pragma push_macro("isatty")
#undef isatty
#define isatty compat_crt_isatty
#pragma push_macro("umask")
#undef umask
#define umask compat_crt_umask
#pragma push_macro("unlink")
#undef unlink
#define unlink compat_crt_unlink
#pragma push_macro("mkdir")
#undef mkdir
#define mkdir compat_crt_mkdir
#pragma push_macro("rmdir")
#undef rmdir
#define rmdir compat_crt_rmdir
#pragma push_macro("chdir")
#undef chdir
#define chdir compat_crt_chdir
#pragma push_macro("getcwd")
#undef getcwd
#define getcwd compat_crt_getcwd
#pragma push_macro("mktemp")
#undef mktemp
#define mktemp compat_crt_mktemp
#pragma push_macro("chsize")
#undef chsize
#define chsize compat_crt_chsize
#pragma push_macro("eof")
#undef eof
#define eof compat_crt_eof
#pragma push_macro("filelength")
#undef filelength
#define filelength compat_crt_filelength
#pragma push_macro("locking")
#undef locking
#define locking compat_crt_locking
#pragma push_macro("sopen")
#undef sopen
#define sopen compat_crt_sopen
#pragma push_macro("tell")
#undef tell
#define tell compat_crt_tell
#pragma push_macro("setmode")
#undef setmode
#define setmode compat_crt_setmode
#pragma push_macro("getpid")
#undef getpid
#define getpid compat_crt_getpid
#pragma push_macro("execl")
#undef execl
#define execl compat_crt_execl
#pragma push_macro("execle")
#undef execle
#define execle compat_crt_execle
#pragma push_macro("execlp")
#undef execlp
#define execlp compat_crt_execlp
#pragma push_macro("execlpe")
#undef execlpe
#define execlpe compat_crt_execlpe
#pragma push_macro("execv")
#undef execv
#define execv compat_crt_execv
#pragma push_macro("execve")
#undef execve
#define execve compat_crt_execve
#pragma push_macro("execvp")
#undef execvp
#define execvp compat_crt_execvp
#pragma push_macro("execvpe")
#undef execvpe
#define execvpe compat_crt_execvpe
#pragma push_macro("remove")
#undef remove
#define remove compat_crt_remove
#pragma push_macro("rename")
#undef rename
#define rename compat_crt_rename
#pragma push_macro("fopen")
#undef fopen
#define fopen compat_crt_fopen
#pragma push_macro("freopen")
#undef freopen
#define freopen compat_crt_freopen
#pragma push_macro("fdopen")
#undef fdopen
#define fdopen compat_crt_fdopen
#pragma push_macro("fileno")
#undef fileno
#define fileno compat_crt_fileno
#pragma push_macro("system")
#undef system
#define system compat_crt_system
#pragma push_macro("popen")
#undef popen
#define popen compat_crt_popen
#pragma push_macro("pclose")
#undef pclose
#define pclose compat_crt_pclose
#pragma push_macro("fseeko")
#undef fseeko
#define fseeko compat_crt_fseeko
#pragma push_macro("ftello")
#undef ftello
#define ftello compat_crt_ftello
#pragma push_macro("fread")
#undef fread
#define fread compat_crt_fread
#pragma push_macro("fwrite")
#undef fwrite
#define fwrite compat_crt_fwrite
#pragma push_macro("fgets")
#undef fgets
#define fgets compat_crt_fgets
#pragma push_macro("fputs")
#undef fputs
#define fputs compat_crt_fputs
#pragma push_macro("puts")
#undef puts
#define puts compat_crt_puts
#pragma push_macro("fputc")
#undef fputc
#define fputc compat_crt_fputc
#pragma push_macro("putc")
#undef putc
#define putc compat_crt_putc
#pragma push_macro("putchar")
#undef putchar
#define putchar compat_crt_putchar
#pragma push_macro("fgetc")
#undef fgetc
#define fgetc compat_crt_fgetc
#pragma push_macro("getc")
#undef getc
#define getc compat_crt_getc
#pragma push_macro("getchar")
#undef getchar
#define getchar compat_crt_getchar
#pragma push_macro("fflush")
#undef fflush
#define fflush compat_crt_fflush
#pragma push_macro("fclose")
#undef fclose
#define fclose compat_crt_fclose
#pragma push_macro("setvbuf")
#undef setvbuf
#define setvbuf compat_crt_setvbuf
#pragma push_macro("setbuf")
#undef setbuf
#define setbuf compat_crt_setbuf
#pragma push_macro("fseek")
#undef fseek
#define fseek compat_crt_fseek
#pragma push_macro("ftell")
#undef ftell
#define ftell compat_crt_ftell
#pragma push_macro("rewind")
#undef rewind
#define rewind compat_crt_rewind
#pragma push_macro("tmpfile")
#undef tmpfile
#define tmpfile compat_crt_tmpfile
#pragma push_macro("printf")
#undef printf
#define printf compat_crt_printf
#pragma push_macro("vprintf")
#undef vprintf
#define vprintf compat_crt_vprintf
#pragma push_macro("fprintf")
#undef fprintf
#define fprintf compat_crt_fprintf
#pragma push_macro("vfprintf")
#undef vfprintf
#define vfprintf compat_crt_vfprintf
#pragma push_macro("perror")
#undef perror
#define perror compat_crt_perror
#pragma push_macro("strerror")
#undef strerror
#define strerror compat_crt_strerror
#pragma push_macro("mkstemp")
#undef mkstemp
#define mkstemp compat_crt_mkstemp
#pragma push_macro("putenv")
#undef putenv
#define putenv compat_crt_putenv
#pragma push_macro("_exit")
#undef _exit
#define _exit compat_crt__exit
#pragma push_macro("_Exit")
#undef _Exit
#define _Exit compat_crt__Exit
#pragma push_macro("quick_exit")
#undef quick_exit
#define quick_exit compat_crt_quick_exit
#pragma push_macro("at_quick_exit")
#undef at_quick_exit
#define at_quick_exit compat_crt_at_quick_exit
#pragma push_macro("swab")
#undef swab
#define swab compat_crt_swab
#pragma push_macro("stat")
#undef stat
#define stat compat_crt_stat
#pragma push_macro("fstat")
#undef fstat
#define fstat compat_crt_fstat
#pragma push_macro("signal")
#undef signal
#define signal compat_crt_signal
#pragma push_macro("raise")
#undef raise
#define raise compat_crt_raise
#pragma push_macro("gmtime")
#undef gmtime
#define gmtime compat_crt_gmtime
#pragma push_macro("gmtime_r")
#undef gmtime_r
#define gmtime_r compat_crt_gmtime_r
/* winpthreads' own; a library that is linked in may bring another still. */
#pragma push_macro("clock_gettime")
#undef clock_gettime
#define clock_gettime compat_crt_clock_gettime
#pragma push_macro("clock_getres")
#undef clock_getres
#define clock_getres compat_crt_clock_getres
#pragma push_macro("nanosleep")
#undef nanosleep
#define nanosleep compat_crt_nanosleep
#pragma push_macro("clock_nanosleep")
#undef clock_nanosleep
#define clock_nanosleep compat_crt_clock_nanosleep
/* <sys/stat.h> has these as macros, and mingw has struct members so called. */
#pragma push_macro("st_atime")
#undef st_atime
#pragma push_macro("st_mtime")
#undef st_mtime
#pragma push_macro("st_ctime")
#undef st_ctime
