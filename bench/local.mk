# benchmarks: EXTRA_PROGRAMS and a target for each
