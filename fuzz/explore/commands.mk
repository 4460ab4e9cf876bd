# SPDX-License-Identifier: GPL-2.0-only
#
# Every behaviour of a small board.  Included by the Makefile.

# The scope of make explore, fuzz/explore/README.md.  Rules see most without a sanitizer, and much sooner.
SCOPE       := CELLS TICKETS OWNERS CALLS OPS SPARE MEMORY ORDERS BOARD POOL SURPLUS MAX MIN
EXPLORE_SAN := $(if $(filter file,$(origin SAN)),none,$(SAN))
run-explore:
	$(call in-engine,replay,explore,$(EXPLORE_SAN))
	$(Q)$(BEGIN) $(call built-in,replay,explore,$(EXPLORE_SAN)) --target=$(TARGET) \
		$(foreach word,$(SCOPE),$(if $($(word)),$(word)=$($(word)))) $(END)
explore:                ## every behaviour of a small board, to a fixed point; fuzz/explore/README.md
