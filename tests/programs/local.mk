# tests of the programs
check_PROGRAMS += tests/programs/check_name
tests_programs_check_name_SOURCES = tests/programs/check_name.c \
	programs/name.c programs/name.h

# Those of tripwire.
tripwire_test = tests/programs/tripwire.c tests/programs/tripwire.h
tripwire_libs = libsupport.la libtripwire.la $(CHECK_LIBS) $(COMPAT_LIBS)
check_PROGRAMS += \
	tests/programs/check_tripwire_drain \
	tests/programs/check_tripwire_edge \
	tests/programs/check_tripwire_process \
	tests/programs/check_tripwire_race \
	tests/programs/check_tripwire_wait
tests_programs_check_tripwire_drain_SOURCES = \
	tests/programs/check_tripwire_drain.c $(tripwire_test)
tests_programs_check_tripwire_drain_LDADD = $(tripwire_libs)
tests_programs_check_tripwire_edge_SOURCES = \
	tests/programs/check_tripwire_edge.c $(tripwire_test)
tests_programs_check_tripwire_edge_LDADD = $(tripwire_libs)
tests_programs_check_tripwire_process_SOURCES = \
	tests/programs/check_tripwire_process.c $(tripwire_test)
tests_programs_check_tripwire_process_LDADD = $(tripwire_libs)
tests_programs_check_tripwire_race_SOURCES = \
	tests/programs/check_tripwire_race.c $(tripwire_test)
tests_programs_check_tripwire_race_LDADD = $(tripwire_libs)
tests_programs_check_tripwire_wait_SOURCES = \
	tests/programs/check_tripwire_wait.c $(tripwire_test)
tests_programs_check_tripwire_wait_LDADD = $(tripwire_libs)
EXTRA_PROGRAMS += tests/programs/long_tripwire_race
long_programs += tests/programs/long_tripwire_race$(EXEEXT)
CLEANFILES += tests/programs/long_tripwire_race$(EXEEXT)
tests_programs_long_tripwire_race_SOURCES = \
	$(tests_programs_check_tripwire_race_SOURCES)
tests_programs_long_tripwire_race_CPPFLAGS = $(AM_CPPFLAGS) -DROUNDS=10000
tests_programs_long_tripwire_race_LDADD = $(tripwire_libs)

# Those of the admin socket.
admin_peer = tests/programs/admin_peer.c tests/programs/admin_peer.h
check_PROGRAMS += tests/programs/check_admin
tests_programs_check_admin_SOURCES = tests/programs/check_admin.c \
	$(admin_peer)
tests_programs_check_admin_LDADD = libadmin.la $(JANSSON_LIBS) $(LDADD)
check_PROGRAMS += tests/programs/check_admin_frame
tests_programs_check_admin_frame_SOURCES = tests/programs/check_admin_frame.c
tests_programs_check_admin_frame_LDADD = libadmin.la $(LDADD)
check_PROGRAMS += tests/programs/check_admin_node
tests_programs_check_admin_node_SOURCES = tests/programs/check_admin_node.c \
	$(admin_peer)
tests_programs_check_admin_node_LDADD = libadmin.la $(JANSSON_LIBS) $(LDADD)
EXTRA_PROGRAMS += tests/programs/long_admin_crashes
long_programs += tests/programs/long_admin_crashes$(EXEEXT)
CLEANFILES += tests/programs/long_admin_crashes$(EXEEXT)
tests_programs_long_admin_crashes_SOURCES = \
	$(tests_programs_check_admin_node_SOURCES)
tests_programs_long_admin_crashes_CPPFLAGS = $(AM_CPPFLAGS) -DCRASHES=100
tests_programs_long_admin_crashes_LDADD = \
	$(tests_programs_check_admin_node_LDADD)
check_PROGRAMS += tests/programs/check_admin_time
tests_programs_check_admin_time_SOURCES = tests/programs/check_admin_time.c \
	$(admin_peer)
tests_programs_check_admin_time_LDADD = libadmin.la $(JANSSON_LIBS) $(LDADD)

dist_check_SCRIPTS += \
	tests/programs/admin_permissions.sh \
	tests/programs/adminsock.sh \
	tests/programs/bad_names.sh \
	tests/programs/full_disk.sh \
	tests/programs/garbage_peer.sh \
	tests/programs/lying_server.sh \
	tests/programs/missing_dir.sh \
	tests/programs/non_ascii_names.sh \
	tests/programs/port_taken.sh \
	tests/programs/second_server.sh \
	tests/programs/send_receive.sh \
	tests/programs/sigint.sh \
	tests/programs/sigterm.sh \
	tests/programs/silent_server.sh \
	tests/programs/stale_socket.sh \
	tests/programs/vanish_mid_file.sh \
	tests/programs/wrong_sizes.sh
EXTRA_DIST += tests/programs/lib.sh

# A client that speaks the frame by hand; no test by itself.
EXTRA_PROGRAMS += tests/programs/raw_peer
check_DATA += tests/programs/raw_peer$(EXEEXT)
CLEANFILES += tests/programs/raw_peer$(EXEEXT)
tests_programs_raw_peer_SOURCES = tests/programs/raw_peer.c
tests_programs_raw_peer_LDADD = $(COMPAT_LIBS)
