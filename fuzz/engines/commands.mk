# SPDX-License-Identifier: GPL-2.0-only
#
# Commands that drive fuzzers, run traces, and measure both.  Included by the Makefile.

# What is mended is asked of both texts, once the engines have ended.
REPLAY_TOO := $(if $(BASE_AT),replay)
ON_BASE     = $(if $(BASE_AT),RESVMAP_BASE_REPLAY=$(call built-in,replay,replay))

run-fuzz-libfuzzer:
	$(outlive-interrupt 1)$(call in-engine,libfuzzer,$(TARGET)_fuzzer)
	$(call in-engine,replay,trace $(REPLAY_TOO))
	$(assemble-seeds)
	$(Q)$(BEGIN) $(ON_BASE) fuzz/engines/libfuzzer.sh $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,replay,trace) $(SEEDS) $(WORK) $(DICT) $(END)
fuzz-libfuzzer:         ## fuzz TARGET of MAP for FUZZ_TIME seconds; exit 0 no finding, 1 found, 2 it did not work

# Instances from the second on run the plain build, one of them beside the cmplog build.
more-builds = $(if $(filter-out 1,$(JOBS))$(filter run-campaign,$@),$(1))
# The mutator of traces; the text parser's inputs are none.
AFL_MUTATOR := $(if $(and $(filter 1,$(MUTATOR)),$(filter-out trace,$(TARGET))),$(TARGET)_mutator.so)
AFL_BUILDS = $(if $(AFL_MUTATOR),AFL_CUSTOM_MUTATOR_LIBRARY=$(call built-in,mutator,$(AFL_MUTATOR),none)) \
	DICT=$(DICT) FUZZER=$(call built-in,afl,$(TARGET)_fuzzer) $(call more-builds,\
	PLAIN_FUZZER=$(call built-in,afl,$(TARGET)_fuzzer,none) \
	CMPLOG_FUZZER=$(call built-in,cmplog,$(TARGET)_fuzzer,none))
run-fuzz-afl:
	$(outlive-interrupt 1)$(call in-engine,afl,$(TARGET)_fuzzer)
	$(call more-builds,$(call in-engine,afl,$(TARGET)_fuzzer,none))
	$(call more-builds,$(call in-engine,cmplog,$(TARGET)_fuzzer,none))
	$(if $(AFL_MUTATOR),$(call in-engine,mutator,$(AFL_MUTATOR),none))
	$(call in-engine,replay,trace $(REPLAY_TOO))
	$(assemble-seeds)
	$(Q)$(BEGIN) $(ON_BASE) $(AFL_BUILDS) fuzz/engines/alone.sh $(WORK) fuzz/engines/afl.sh \
		$(call built-in,replay,trace) $(SEEDS) $(WORK) $(END)
fuzz-afl:               ## the same with AFL++

.PHONY: campaign-status
# One engine of each kind, and no end, unless somebody says otherwise.
CAMPAIGN_JOBS := $(if $(filter file,$(origin JOBS)),2,$(JOBS))
CAMPAIGN_TIME := $(if $(filter file,$(origin FUZZ_TIME)),0,$(FUZZ_TIME))
run-campaign:
	$(outlive-interrupt 1)$(call in-engine,afl,$(TARGET)_fuzzer)
	$(call in-engine,afl,$(TARGET)_fuzzer,none)
	$(call in-engine,cmplog,$(TARGET)_fuzzer,none)
	$(call in-engine,libfuzzer,$(TARGET)_fuzzer)
	$(if $(AFL_MUTATOR),$(call in-engine,mutator,$(AFL_MUTATOR),none))
	$(call in-engine,replay,trace $(REPLAY_TOO))
	$(assemble-seeds)
	$(Q)$(BEGIN) $(ON_BASE) $(AFL_BUILDS) LIBFUZZER=$(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		JOBS=$(CAMPAIGN_JOBS) FUZZ_TIME=$(CAMPAIGN_TIME) \
		fuzz/engines/alone.sh "$$CAMPAIGN" fuzz/engines/campaign.sh \
		$(call built-in,replay,trace) $(SEEDS) "$$CAMPAIGN" $(END)
campaign:               ## libFuzzer and AFL++ on one corpus with JOBS=2 processes, until interrupted
campaign-status:        ## how it stands
	@fuzz/engines/campaign_status.sh "$$CAMPAIGN"
run-corpus-import:
	$(call in-engine,libfuzzer,$(TARGET)_fuzzer)
	$(call in-engine,replay,trace)
	$(assemble-seeds)
	$(Q)$(BEGIN) fuzz/engines/corpus.sh import $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,replay,trace) $(SEEDS) "$$FROM" corpus/$(TARGET) $(END)
corpus-import:          ## turn what FROM=folder reaches and no seed does into text seeds

# What TRACE says whose it is needs no TARGET=.
WANTED := $(if $(filter file,$(origin TARGET)),,--target=$(TARGET))
run-replay:
	$(call in-engine,replay,replay)
	@$(BEGIN) fuzz/engines/replay.sh $(call built-in,replay,replay) $(WANTED) \
		$(if $(filter 0,$(EXPECT)),--rules-only) \
		$(if $(RULE),--rule=$(call in-quotes,$(RULE))) $(END)
replay:                 ## run TRACE=file, or a folder of traces, without an engine

run-sweep:
	$(call in-engine,replay,sweep)
	@$(BEGIN) TRACE="$${TRACE:-$(if $(KERNEL),corpus/$(TARGET),corpus/region corpus/reserve)}" \
		fuzz/engines/replay.sh $(call built-in,replay,sweep) $(WANTED) $(END)
sweep:                  ## every refusal of every trace of the corpus, or of TRACE: request 1, 2, ... once, and all from there on

.PHONY: bench run-bench
run-bench:
	$(call in-engine,libfuzzer,$(TARGET)_fuzzer bench_empty)
	$(assemble-seeds)
	$(Q)fuzz/engines/alone.sh build/bench fuzz/engines/bench.sh \
		$(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,libfuzzer,bench_empty) $(SEEDS) build/bench
	@rm -rf $(RUN)
# The mutator's own work and its shorter traces are no part of what the target costs.
bench:                  ## operations per second, against the runs of an empty target
	@echo 'plain bytes'
	$(Q)$(MAKE) --no-print-directory run-bench MUTATOR=0
	@echo 'with the mutator'
	$(Q)$(MAKE) --no-print-directory run-bench MUTATOR=1

.PHONY: bench-afl
bench-afl:              ## runs per second under AFL++, against those of an empty target
	$(call in-engine,afl,$(TARGET)_fuzzer bench_empty)
	$(assemble-seeds)
	$(Q)DICT=$(DICT) fuzz/engines/alone.sh build/bench-afl fuzz/engines/bench_afl.sh \
		$(call built-in,afl,$(TARGET)_fuzzer) $(call built-in,afl,bench_empty) \
		$(SEEDS) build/bench-afl
	@rm -rf $(RUN)

.PHONY: bench-bugs
bench-bugs:             ## runs and time to the first finding of each bug, by engine and seed; a table and a plot
	@$(PLUS)CC='$(CC)' MAKE='$(MAKE_COMMAND)' fuzz/engines/alone.sh "$${BENCH:-build/bench-bugs}" fuzz/engines/bench_bugs.sh

.PHONY: bench-mutator
bench-mutator:          ## runs to the first finding of each bug, with the mutator and without
	@$(PLUS)CC='$(CC)' fuzz/engines/bench_mutator.sh

# Programs of build.sh, which was told compiler and engine; and that build.sh itself.
.PHONY: oss-fuzz build-fuzzers
build-fuzzers: $(TARGETS:%=$(BUILD)/%_fuzzer)
oss-fuzz:               ## build what OSS-Fuzz would, into build/out, and check it as its scripts do
	@$(PLUS)CC='$(CC)' fuzz/oss-fuzz/check.sh
