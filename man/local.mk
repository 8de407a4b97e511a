# manual pages
dist_man_MANS += man/compat_signal.7 man/compat_signal_map.3
