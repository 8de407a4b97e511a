dnl COMPAT_CHECK_LINKS
dnl Check that the Check library that pkg-config named is one for the target:
dnl when cross-compiling without a pkg-config of its own it names this
dnl machine's.  Uses CHECK_CFLAGS and CHECK_LIBS.
dnl Result: compat_cv_check_links=yes|no.  Changes nothing.
AC_DEFUN([COMPAT_CHECK_LINKS], [
  AC_CACHE_CHECK([whether programs link with Check], [compat_cv_check_links],
    [compat_saved_cflags=$CFLAGS
     compat_saved_libs=$LIBS
     CFLAGS="$CFLAGS $CHECK_CFLAGS"
     LIBS="$CHECK_LIBS $LIBS"
     AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <check.h>]],
         [[return suite_create("") == NULL;]])],
       [compat_cv_check_links=yes], [compat_cv_check_links=no])
     CFLAGS=$compat_saved_cflags
     LIBS=$compat_saved_libs])
])
