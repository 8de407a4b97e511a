dnl COMPAT_LINK_FLAG([FLAG], [NAME])
dnl Check that a program links with FLAG.
dnl Result: compat_cv_link_NAME=yes|no.  Changes nothing; the caller decides.
AC_DEFUN([COMPAT_LINK_FLAG], [
  AC_CACHE_CHECK([whether programs link with $1], [compat_cv_link_$2],
    [compat_saved_ldflags=$LDFLAGS
     LDFLAGS="$LDFLAGS $1"
     AC_LINK_IFELSE([AC_LANG_PROGRAM()],
       [compat_cv_link_$2=yes], [compat_cv_link_$2=no])
     LDFLAGS=$compat_saved_ldflags])
])
