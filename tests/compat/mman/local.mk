# tests of compat/mman
mman_util = tests/compat/mman/util.c tests/compat/mman/util.h
check_PROGRAMS += tests/compat/mman/check_mmap
tests_compat_mman_check_mmap_SOURCES = tests/compat/mman/check_mmap.c \
	$(mman_util)
check_PROGRAMS += tests/compat/mman/check_munmap
tests_compat_mman_check_munmap_SOURCES = tests/compat/mman/check_munmap.c \
	$(mman_util)
check_PROGRAMS += tests/compat/mman/check_mmap_model
tests_compat_mman_check_mmap_model_SOURCES = \
	tests/compat/mman/check_mmap_model.c $(mman_util)
check_PROGRAMS += tests/compat/mman/check_shm
tests_compat_mman_check_shm_SOURCES = tests/compat/mman/check_shm.c \
	$(mman_util)
if OS_NT
check_PROGRAMS += tests/compat/mman/check_limits
tests_compat_mman_check_limits_SOURCES = tests/compat/mman/check_limits.c \
	$(mman_util)
endif
check_PROGRAMS += tests/compat/mman/check_mmap_many
tests_compat_mman_check_mmap_many_SOURCES = \
	tests/compat/mman/check_mmap_many.c $(mman_util)
