dnl COMPAT_CC_FLAG([FLAG], [NAME])
dnl Check that the C compiler takes FLAG without a word.
dnl Result: compat_cv_cc_NAME=yes|no.  Changes nothing; the caller decides.
AC_DEFUN([COMPAT_CC_FLAG], [
  AC_CACHE_CHECK([whether $CC takes $1], [compat_cv_cc_$2],
    [compat_saved_cflags=$CFLAGS
     CFLAGS="$CFLAGS -Werror $1"
     AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
       [compat_cv_cc_$2=yes], [compat_cv_cc_$2=no])
     CFLAGS=$compat_saved_cflags])
])
