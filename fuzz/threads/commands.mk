# SPDX-License-Identifier: GPL-2.0-only
#
# The map by real threads.  Included by the Makefile.

# THREADS and ROUNDS; the calls of a round are made all at once.
THREADS ?= 4
ROUNDS  ?= 2000
run-threads:
	$(call in-engine,replay,threads,thread)
	@$(BEGIN) $(call built-in,replay,threads,thread) $(THREADS) $(ROUNDS) $(END)
threads:                ## the map's calls by THREADS threads at once, its lock a real one, under ThreadSanitizer
