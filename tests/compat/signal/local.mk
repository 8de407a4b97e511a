# tests of compat/signal
