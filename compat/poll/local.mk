# sources of compat/poll
