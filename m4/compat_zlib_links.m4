dnl COMPAT_ZLIB_LINKS
dnl Check that the zlib that pkg-config named is one for the target.  Uses
dnl ZLIB_CFLAGS and ZLIB_LIBS.
dnl Result: compat_cv_zlib_links=yes|no.  Changes nothing.
AC_DEFUN([COMPAT_ZLIB_LINKS], [
  AC_CACHE_CHECK([whether programs link with zlib], [compat_cv_zlib_links],
    [compat_saved_cflags=$CFLAGS
     compat_saved_libs=$LIBS
     CFLAGS="$CFLAGS $ZLIB_CFLAGS"
     LIBS="$ZLIB_LIBS $LIBS"
     AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <zlib.h>]],
         [[return (int)crc32(0, Z_NULL, 0);]])],
       [compat_cv_zlib_links=yes], [compat_cv_zlib_links=no])
     CFLAGS=$compat_saved_cflags
     LIBS=$compat_saved_libs])
])
