# sources of compat/mman
libcompat_la_SOURCES += \
	compat/mman/advise.c \
	compat/mman/chunk.c \
	compat/mman/fault_nt.c \
	compat/mman/file.c \
	compat/mman/fixed.c \
	compat/mman/map.c \
	compat/mman/map.h \
	compat/mman/mman.c \
	compat/mman/move.c \
	compat/mman/place.c \
	compat/mman/ranges.c \
	compat/mman/ranges.h \
	compat/mman/remove.c \
	compat/mman/section_nt.c \
	compat/mman/segment.c \
	compat/mman/shm.c \
	compat/mman/shm.h \
	compat/mman/shm_nt.c \
	compat/mman/pages.h \
	compat/mman/pages_nt.c \
	compat/mman/sync.c
