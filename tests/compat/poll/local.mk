# tests of compat/poll
