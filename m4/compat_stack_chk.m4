dnl COMPAT_STACK_CHK
dnl Check that __stack_chk_fail is in the libraries that every program gets.
dnl Where it is not (mingw-w64 before 11), each port that links libcompat.a
dnl would have to know of -lssp, and a DLL build would need its DLL.
dnl Result: compat_cv_stack_chk=yes|no.  Changes nothing.
AC_DEFUN([COMPAT_STACK_CHK], [
  AC_CACHE_CHECK([whether the stack protector needs no library of its own],
    [compat_cv_stack_chk],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM(
         [[extern void __stack_chk_fail(void);]], [[__stack_chk_fail();]])],
       [compat_cv_stack_chk=yes], [compat_cv_stack_chk=no])])
])
