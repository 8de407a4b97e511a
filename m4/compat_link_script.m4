dnl COMPAT_LINK_SCRIPT
dnl Check that the linker takes a script in place of a library, as GNU's does.
dnl Result: compat_cv_link_script=yes|no.  Changes nothing; the caller decides.
AC_DEFUN([COMPAT_LINK_SCRIPT], [
  AC_CACHE_CHECK([whether the linker takes a script for a library],
    [compat_cv_link_script],
    [compat_saved_libs=$LIBS
     echo 'INPUT(-lws2_32)' >libconftest.a
     LIBS="-L. -lconftest $LIBS"
     AC_LINK_IFELSE([AC_LANG_PROGRAM()],
       [compat_cv_link_script=yes], [compat_cv_link_script=no])
     rm -f libconftest.a
     LIBS=$compat_saved_libs])
])
