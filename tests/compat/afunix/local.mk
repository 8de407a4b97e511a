# tests of compat/afunix
uds_helpers = tests/compat/afunix/uds.c tests/compat/afunix/uds.h
check_PROGRAMS += \
	tests/compat/afunix/check_afunix \
	tests/compat/afunix/check_dgram \
	tests/compat/afunix/check_dgram_named \
	tests/compat/afunix/check_dgram_wait \
	tests/compat/afunix/check_ends \
	tests/compat/afunix/check_peer \
	tests/compat/afunix/check_rights \
	tests/compat/afunix/check_rights_closed \
	tests/compat/afunix/check_rights_process \
	tests/compat/afunix/check_seqpacket \
	tests/compat/afunix/check_seqpacket_named \
	tests/compat/afunix/check_seqpacket_process \
	tests/compat/afunix/check_seqpacket_rights \
	tests/compat/afunix/check_seqpacket_wait \
	tests/compat/afunix/check_socketpair \
	tests/compat/afunix/check_stale
tests_compat_afunix_check_afunix_SOURCES = \
	tests/compat/afunix/check_afunix.c $(uds_helpers)
tests_compat_afunix_check_afunix_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_afunix_check_dgram_SOURCES = \
	tests/compat/afunix/check_dgram.c $(uds_helpers)
tests_compat_afunix_check_dgram_named_SOURCES = \
	tests/compat/afunix/check_dgram_named.c $(uds_helpers)
tests_compat_afunix_check_dgram_wait_SOURCES = \
	tests/compat/afunix/check_dgram_wait.c $(KID) $(uds_helpers)
tests_compat_afunix_check_dgram_wait_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS)
tests_compat_afunix_check_peer_SOURCES = \
	tests/compat/afunix/check_peer.c $(uds_helpers)
tests_compat_afunix_check_peer_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
pass_helpers = $(uds_helpers) \
	tests/compat/afunix/pass.c tests/compat/afunix/pass.h
tests_compat_afunix_check_ends_SOURCES = \
	tests/compat/afunix/check_ends.c \
	tests/compat/afunix/pass.c tests/compat/afunix/pass.h \
	$(road_helpers)
tests_compat_afunix_check_ends_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_afunix_check_rights_SOURCES = \
	tests/compat/afunix/check_rights.c $(pass_helpers)
tests_compat_afunix_check_rights_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_afunix_check_rights_closed_SOURCES = \
	tests/compat/afunix/check_rights_closed.c $(pass_helpers)
tests_compat_afunix_check_rights_closed_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_afunix_check_rights_process_SOURCES = \
	tests/compat/afunix/check_rights_process.c $(pass_helpers)
tests_compat_afunix_check_rights_process_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
tests_compat_afunix_check_seqpacket_SOURCES = \
	tests/compat/afunix/check_seqpacket.c $(pass_helpers)
tests_compat_afunix_check_seqpacket_named_SOURCES = \
	tests/compat/afunix/check_seqpacket_named.c $(pass_helpers)
tests_compat_afunix_check_seqpacket_process_SOURCES = \
	tests/compat/afunix/check_seqpacket_process.c $(KID) $(uds_helpers)
tests_compat_afunix_check_seqpacket_process_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
tests_compat_afunix_check_seqpacket_rights_SOURCES = \
	tests/compat/afunix/check_seqpacket_rights.c $(pass_helpers)
tests_compat_afunix_check_seqpacket_wait_SOURCES = \
	tests/compat/afunix/check_seqpacket_wait.c $(uds_helpers)
tests_compat_afunix_check_socketpair_SOURCES = \
	tests/compat/afunix/check_socketpair.c
tests_compat_afunix_check_stale_SOURCES = \
	tests/compat/afunix/check_stale.c $(uds_helpers)
tests_compat_afunix_check_stale_LDFLAGS = $(AM_LDFLAGS) $(UNIX_MODEL)
native_tests += \
	tests/native/compat/afunix/check_afunix.native \
	tests/native/compat/afunix/check_ends.native \
	tests/native/compat/afunix/check_peer.native \
	tests/native/compat/afunix/check_rights.native \
	tests/native/compat/afunix/check_rights_closed.native \
	tests/native/compat/afunix/check_rights_process.native \
	tests/native/compat/afunix/check_stale.native
if OS_NT
# They look at NT's two roads from outside, which Linux has not.
check_PROGRAMS += tests/compat/afunix/check_emulation \
	tests/compat/afunix/check_hostile \
	tests/compat/afunix/check_hostile_packets \
	tests/compat/afunix/check_native
tests_compat_afunix_check_native_SOURCES = \
	tests/compat/afunix/check_native.c $(pass_helpers) \
	tests/compat/afunix/plain.h tests/compat/afunix/plain_nt.c
tests_compat_afunix_check_native_LDADD = libfault_nt.la $(LDADD)
tests_compat_afunix_check_native_LDFLAGS = $(AM_LDFLAGS) $(INSIDE_FLAGS) \
	$(UNIX_MODEL)
tests_compat_afunix_check_hostile_SOURCES = \
	tests/compat/afunix/check_hostile.c $(uds_helpers) $(net_helpers)
tests_compat_afunix_check_hostile_packets_SOURCES = \
	tests/compat/afunix/check_hostile_packets.c $(pass_helpers) \
	$(net_helpers)
tests_compat_afunix_check_hostile_packets_LDFLAGS = $(AM_LDFLAGS) \
	$(INSIDE_FLAGS)
EXTRA_PROGRAMS += tests/compat/afunix/long_hostile
long_programs += tests/compat/afunix/long_hostile
tests_compat_afunix_long_hostile_SOURCES = \
	$(tests_compat_afunix_check_hostile_SOURCES)
tests_compat_afunix_long_hostile_CPPFLAGS = $(AM_CPPFLAGS) \
	-DFORGED=5000 -DHELLOS=500 -DSWAPS=500
tests_compat_afunix_check_emulation_SOURCES = \
	tests/compat/afunix/check_emulation.c $(pass_helpers) \
	tests/compat/afunix/box.h tests/compat/afunix/box_nt.c
endif
