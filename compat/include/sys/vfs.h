/* <sys/vfs.h>: where Linux programs look for statfs(). */
#include <sys/statfs.h>
