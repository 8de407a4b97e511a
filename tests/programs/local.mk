# tests of the programs
check_PROGRAMS += tests/programs/check_name
tests_programs_check_name_SOURCES = tests/programs/check_name.c \
	programs/name.c programs/name.h

dist_check_SCRIPTS += \
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
tests_programs_raw_peer_LDADD = libcompat.la $(NT_LIBS)
