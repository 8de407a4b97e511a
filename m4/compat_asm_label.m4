dnl COMPAT_ASM_LABEL
dnl Check that a declaration can give a function another linker name: the
dnl program links only when the call to `wanted' became one to `given'.
dnl Result: compat_cv_asm_label=yes|no.  Defines nothing; the caller decides.
AC_DEFUN([COMPAT_ASM_LABEL], [
  AC_CACHE_CHECK([whether asm labels rename functions],
    [compat_cv_asm_label],
    [AC_LINK_IFELSE([AC_LANG_SOURCE([[
#define STR_(x) #x
#define STR(x) STR_(x)
int wanted(void) __asm__(STR(__USER_LABEL_PREFIX__) "given");
int given(void) { return 0; }
int main(void) { return wanted(); }
]])],
       [compat_cv_asm_label=yes], [compat_cv_asm_label=no])])
])
