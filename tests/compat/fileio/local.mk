# tests of compat/fileio
check_PROGRAMS += \
	tests/compat/fileio/check_append \
	tests/compat/fileio/check_fallocate \
	tests/compat/fileio/check_io_errno \
	tests/compat/fileio/check_io_threads \
	tests/compat/fileio/check_sendfile \
	tests/compat/fileio/check_sparse
tests_compat_fileio_check_append_SOURCES = tests/compat/fileio/check_append.c
tests_compat_fileio_check_fallocate_SOURCES = \
	tests/compat/fileio/check_fallocate.c
tests_compat_fileio_check_io_errno_SOURCES = \
	tests/compat/fileio/check_io_errno.c $(fileio_kinds)
check_PROGRAMS += tests/compat/fileio/check_fd_errno
tests_compat_fileio_check_fd_errno_SOURCES = \
	tests/compat/fileio/check_fd_errno.c $(fileio_kinds)
fileio_kinds = tests/compat/fileio/kinds.c tests/compat/fileio/kinds.h
tests_compat_fileio_check_io_threads_SOURCES = \
	tests/compat/fileio/check_io_threads.c
tests_compat_fileio_check_sendfile_SOURCES = \
	tests/compat/fileio/check_sendfile.c
tests_compat_fileio_check_sparse_SOURCES = tests/compat/fileio/check_sparse.c
check_PROGRAMS += tests/compat/fileio/check_names \
	tests/compat/fileio/check_pipe tests/compat/fileio/check_rw
tests_compat_fileio_check_names_SOURCES = tests/compat/fileio/check_names.c
tests_compat_fileio_check_pipe_SOURCES = tests/compat/fileio/check_pipe.c
tests_compat_fileio_check_rw_SOURCES = tests/compat/fileio/check_rw.c
check_PROGRAMS += \
	tests/compat/fileio/check_inotify \
	tests/compat/fileio/check_inotify_watch
inotify_util = tests/compat/fileio/inotify_util.c \
	tests/compat/fileio/inotify_util.h
tests_compat_fileio_check_inotify_SOURCES = \
	tests/compat/fileio/check_inotify.c $(inotify_util)
tests_compat_fileio_check_inotify_watch_SOURCES = \
	tests/compat/fileio/check_inotify_watch.c $(inotify_util)
check_PROGRAMS += tests/compat/fileio/check_strerror
tests_compat_fileio_check_strerror_SOURCES = tests/compat/fileio/check_strerror.c
check_PROGRAMS += tests/compat/fileio/check_errno_name
tests_compat_fileio_check_errno_name_SOURCES = \
	tests/compat/fileio/check_errno_name.c \
	tests/compat/fileio/rows.c tests/compat/fileio/rows.h
check_PROGRAMS += tests/compat/fileio/check_denied \
	tests/compat/fileio/check_links tests/compat/fileio/check_long
tests_compat_fileio_check_denied_SOURCES = tests/compat/fileio/check_denied.c
tests_compat_fileio_check_links_SOURCES = tests/compat/fileio/check_links.c
tests_compat_fileio_check_long_SOURCES = tests/compat/fileio/check_long.c
check_PROGRAMS += tests/compat/fileio/check_open
tests_compat_fileio_check_open_SOURCES = tests/compat/fileio/check_open.c
if OS_NT
check_PROGRAMS += tests/compat/fileio/check_path_limit
tests_compat_fileio_check_path_limit_SOURCES = \
	tests/compat/fileio/check_path_limit.c
check_PROGRAMS += tests/compat/fileio/check_inotify_limits
tests_compat_fileio_check_inotify_limits_SOURCES = \
	tests/compat/fileio/check_inotify_limits.c
check_PROGRAMS += tests/compat/fileio/check_limits
tests_compat_fileio_check_limits_SOURCES = tests/compat/fileio/check_limits.c
endif
strict_tests += \
	tests/strict/compat/fileio/check_append.strict \
	tests/strict/compat/fileio/check_fallocate.strict \
	tests/strict/compat/fileio/check_io_errno.strict \
	tests/strict/compat/fileio/check_io_threads.strict \
	tests/strict/compat/fileio/check_limits.strict \
	tests/strict/compat/fileio/check_names.strict \
	tests/strict/compat/fileio/check_pipe.strict \
	tests/strict/compat/fileio/check_rw.strict
check_PROGRAMS += tests/compat/fileio/check_attr tests/compat/fileio/check_dir
tests_compat_fileio_check_attr_SOURCES = tests/compat/fileio/check_attr.c
tests_compat_fileio_check_dir_SOURCES = tests/compat/fileio/check_dir.c
check_PROGRAMS += tests/compat/fileio/check_utimens
tests_compat_fileio_check_utimens_SOURCES = \
	tests/compat/fileio/check_utimens.c
strict_tests += tests/strict/compat/fileio/check_sendfile.strict \
	tests/strict/compat/fileio/check_sparse.strict
