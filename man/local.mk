# manual pages, one a line: those who add some do not meet
dist_man_MANS += man/compat.7
dist_man_MANS += man/compat_afunix.7
dist_man_MANS += man/compat_close_abort.3
dist_man_MANS += man/compat_dirent.3
dist_man_MANS += man/compat_epoll.7
dist_man_MANS += man/compat_eventfd.3
dist_man_MANS += man/compat_fcntl_lock.3
dist_man_MANS += man/compat_file.7
dist_man_MANS += man/compat_flock.3
dist_man_MANS += man/compat_mmap.3
dist_man_MANS += man/compat_nanosleep.3
dist_man_MANS += man/compat_signal.7
dist_man_MANS += man/compat_signal_map.3
dist_man_MANS += man/compat_socket.7
dist_man_MANS += man/compat_spawn.3
dist_man_MANS += man/compat_stat.3
dist_man_MANS += man/compat_timerfd.3
# manual pages
dist_man_MANS += man/compat.7 man/compat_fcntl_lock.3 man/compat_flock.3 man/compat_mmap.3 man/compat_signal.7 man/compat_signal_map.3 \
dist_man_MANS += man/compat.7 man/compat_file.7 man/compat_flock.3 man/compat_mmap.3 man/compat_signal.7 man/compat_signal_map.3 \
	man/compat_afunix.7 man/compat_close_abort.3 man/compat_socket.7 \
	man/compat_epoll.7 man/compat_eventfd.3 man/compat_nanosleep.3 \
	man/compat_timerfd.3 \
	man/compat_dirent.3 man/compat_stat.3
	man/compat_timerfd.3
dist_man_MANS += man/compat_stdio.3
