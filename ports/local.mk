# other people's programs, built against libcompat; a target for each
include ports/sqlite/local.mk
