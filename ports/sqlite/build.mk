# SQLite and its programs, as a port builds them: with the flags that libcompat
# tells its users, and nothing else.  Used by local.mk, in the build directory:
#
#   make -f build.mk SOURCE=... HERE=... VFS=unix|win OBJ=... CC=... FLAGS=...
#       LINK=... LIBS=... EXEEXT=...
#
# VFS=unix is SQLite's os_unix.c.  VFS=win is os_win.c without libcompat: what
# SQLite is on NT otherwise.
OPTIONS = -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_RTREE -DHAVE_STDINT_H=1 \
	-DHAVE_INTTYPES_H=1
# What SQLite's configure finds on Linux.
unix_OPTIONS = -DHAVE_USLEEP=1 -DHAVE_FDATASYNC=1 -DHAVE_PREAD=1 \
	-DHAVE_PWRITE=1 -DHAVE_LOCALTIME_R=1 -DHAVE_GMTIME_R=1 \
	-DHAVE_POSIX_FALLOCATE=1
# Their warnings are theirs; but what is not declared is missing in libcompat.
QUIET = -w -Werror=implicit-function-declaration
COMPILE = $(CC) -O1 -g0 $(FLAGS) $(OPTIONS) $($(VFS)_OPTIONS) -I$(SOURCE) \
	-MMD -MP
# Where the objects are; they may be those of another build.
OF = $(OBJ)
theirs = speedtest1 kvtest wordcount threadtest3 mptest
ours = hold hammer load

all: $(patsubst %,$(OBJ)/%$(EXEEXT),$(theirs) $(ours)) $(OBJ)/rot13.so

$(OF)/%.o: $(SOURCE)/%.c
	@mkdir -p $(OF); echo '  CC      ' $@
	@$(COMPILE) $(QUIET) -c -o $@ $<

$(OF)/%.o: $(HERE)/%.c
	@mkdir -p $(OF); echo '  CC      ' $@
	@$(COMPILE) $(WARNINGS) -c -o $@ $<

$(OBJ)/%$(EXEEXT): $(OF)/%.o $(OF)/sqlite3.o $(DEPENDS)
	@mkdir -p $(OBJ)
	@echo '  CCLD    ' $@
	@$(LINK) -o $@ $(filter %.o,$^) $(LIBS)

$(OBJ)/threadtest3$(EXEEXT): $(OF)/test_multiplex.o

# An extension, to be loaded.
$(OBJ)/rot13.so: $(SOURCE)/rot13.c
	@mkdir -p $(OBJ); echo '  CCLD    ' $@
	@$(COMPILE) $(QUIET) $(PIC) $(LDFLAGS) -shared -o $@ $<

.SECONDARY:
.SUFFIXES:
-include $(wildcard $(OF)/*.d)
