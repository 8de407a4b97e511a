# sources of compat/signal
