dnl COMPAT_LIB_LINKS(NAME, HEADER, EXPRESSION)
dnl Check that the library that pkg-config named is one for the target: when
dnl cross-compiling without a pkg-config of its own it names this machine's.
dnl Uses the variables that PKG_CHECK_MODULES has set for NAME in capitals.
dnl Result: compat_cv_NAME_links=yes|no.  Changes nothing.
AC_DEFUN([COMPAT_LIB_LINKS], [
  AC_CACHE_CHECK([whether programs link with $1], [compat_cv_$1_links],
    [compat_saved_cflags=$CFLAGS
     compat_saved_libs=$LIBS
     CFLAGS="$CFLAGS $m4_toupper([$1])_CFLAGS"
     LIBS="$m4_toupper([$1])_LIBS $LIBS"
     AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <$2>]],
         [[return ($3) == 0;]])],
       [compat_cv_$1_links=yes], [compat_cv_$1_links=no])
     CFLAGS=$compat_saved_cflags
     LIBS=$compat_saved_libs])
])
