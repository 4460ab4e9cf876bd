# SPDX-License-Identifier: GPL-2.0-only
#
# What was run and found, as pages.  Included by the Makefile.

.PHONY: coverage
COVERED  = $(or $(covered-$(TARGET)),$(if $(KERNEL),$(IMPORT)/map.c,$(addsuffix .c,$(map-$(MAP)))))
REPLAYED = $(call built-in,coverage,replay,none)
coverage:               ## line, branch and MC/DC coverage of what is tested by the corpus alone, also of KERNEL's text; HTML
	$(call in-engine,coverage,replay,none)
	$(Q)CC='$(CC)' MCDC='$(MCDC)' REPLAY_OPTIONS='$(WANTED) $(if $(filter 0,$(EXPECT)),--rules-only)' \
		fuzz/explain/coverage.sh $(REPLAYED) $(RUN) build/coverage \
		corpus/$(or $(corpus-$(TARGET)),$(TARGET)) $(COVERED)
	@rm -rf $(RUN)

# A page made of what the commands above have written; of findings, which it runs again, it wants the trace tool.
run-report: $(if $(KERNEL),import)
	$(call in-engine,replay,trace)
	$(if $(KERNEL),$(PLUS)@$(MAKE) -s --no-print-directory ENGINE=replay KERNEL= REV= PATCH= BASE= build-trace >$(RUN)/port)
	$(Q)$(BEGIN) KERNEL=$(QUOTED) PORT_TOOL=$$(cat $(RUN)/port 2>/dev/null) \
		fuzz/explain/report.sh $(call built-in,replay,trace) build/report $(WORK) $(END)
report:                 ## one page of what was run and found, build/report/index.html, and the same as text
