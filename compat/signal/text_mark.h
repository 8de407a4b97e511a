/*
 * Every source of the library is compiled with this.  It notes where the
 * object's code begins, which is how program_text_nt.c tells the program's
 * code from what was linked behind it: see there.
 *
 * One word at the beginning of .text keeps the note when a linker throws away
 * what nobody refers to.
 *
 * For GNU as a section's name is its beginning.  For Clang's assembler it is an
 * undefined symbol, but what Clang is given here comes first in its output.  A
 * macro has a number of its own, so that link-time optimization, which puts
 * many of these into one file, finds no name twice.
 */
#ifdef __clang__
__asm__(
    ".macro compat_mark\n\t"
    ".section .text.compat_mark,\"xr\"\n"
    "compat_other\\@:\n\t"
    ".byte 0xcc\n\t"
    ".section .rdata$compat_text$m,\"dr\"\n\t"
    ".p2align 2\n"
    "compat_note\\@:\n\t"
    ".rva compat_text\\@, compat_other\\@\n\t"
    ".text\n"
    "compat_text\\@:\n\t"
    ".rva compat_note\\@\n\t"
    ".endm\n\t"
    "compat_mark\n\t"
    ".purgem compat_mark\n");
#else
__asm__(
    ".section .text.compat_mark,\"xr\"\n\t"
    ".byte 0xcc\n\t"
    ".section .rdata$compat_text$m,\"dr\"\n\t"
    ".p2align 2\n\t"
    ".rva .text, .text.compat_mark\n\t"
    ".text\n\t"
    ".rva .rdata$compat_text$m\n");
#endif
