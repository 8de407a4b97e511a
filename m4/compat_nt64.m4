dnl COMPAT_NT64
dnl Check that the target is 64-bit x86 NT with 8-byte pointers; the signal
dnl redirection and the ABI checks of the headers know no other.
dnl Result: compat_cv_nt64=yes|no.  Changes nothing.
AC_DEFUN([COMPAT_NT64], [
  AC_CACHE_CHECK([whether the target is 64-bit NT], [compat_cv_nt64],
    [AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined(_WIN64) || !defined(__x86_64__)
#error "another target"
#endif
int compat_nt64;
]])],
       [compat_cv_nt64=yes], [compat_cv_nt64=no])])
])
