# the drop-in headers, relative to compat/include
