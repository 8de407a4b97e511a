# tests of the tree itself and of what it installs
dist_check_SCRIPTS += \
	tests/meta/check_images.sh \
	tests/meta/check_install.sh \
	tests/meta/check_man.sh \
	tests/meta/check_seams.sh \
	tests/meta/check_sentences.sh
if OS_NT
dist_check_SCRIPTS += tests/meta/check_symbols.sh
endif
