dnl COMPAT_FORTIFY
dnl Check that _FORTIFY_SOURCE is ours to set: the build optimises (glibc
dnl warns otherwise), no sanitizer wants the plain functions, and neither the
dnl user nor the compiler's vendor has set it.
dnl Result: compat_cv_fortify=yes|no.  Changes nothing.
AC_DEFUN([COMPAT_FORTIFY], [
  AC_CACHE_CHECK([whether to set _FORTIFY_SOURCE], [compat_cv_fortify],
    [AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined(__OPTIMIZE__) || defined(_FORTIFY_SOURCE)
#error "not ours to set"
#endif
#if defined(__SANITIZE_ADDRESS__)
#error "a sanitizer checks more"
#endif
int compat_fortify;
]])],
       [compat_cv_fortify=yes], [compat_cv_fortify=no])])
])
