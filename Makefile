# SPDX-License-Identifier: GPL-2.0-only
#
# Targets are listed by `make help`.  Variables, each a word out of a list:
#
#	TARGET	region, diff, reserve, trace	what is fuzzed or replayed
#	MAP	port, coalescing	the map under test
#	KERNEL	a kernel tree, or a tar of one: the map is its mm/hugetlb.c's
#	CGROUP	1, or 0: build KERNEL's map without cgroups
#	FILES	more files of KERNEL to look into; FACTS="MERGES=1": what is not to be measured
#	EXPECT	1, or 0: replay rules only; results that a trace's text expects are another map's
#	DEBUG_VM 1, or 0: compile the map's assertions out, as a distribution's kernel does
#	SAN	address,undefined | memory | none
#	CC	a clang; default: the newest that has the runtimes, installed if there is none
#	WITHOUT	words: what fuzzing leaves out, fuzz/trace/without.h
#	MUTATOR	1, or 0: libFuzzer's own mutations of bytes only
#	FUZZ_TIME seconds, 0: until interrupted		JOBS processes		V=1 shows commands
#	CAMPAIGN the folder of make campaign; FROM one for make corpus-import
#	BUG	a name out of tests/bugs/		FUZZ	seconds for each bug
#
# Each engine, sanitizer set, map and compiler has its own folder under build/.

TARGET    ?= region
MAP       ?= port
CGROUP    ?= 1
DEBUG_VM  ?= 1
EXPECT    ?= $(if $(KERNEL),0,1)
SAN       ?= address,undefined
ENGINE    ?= replay
FUZZ_TIME ?= 60
FUZZ      ?= 20
JOBS      ?= 1
MUTATOR   ?= 1
V         ?= 0

TARGETS := region diff reserve trace
# The callers of the map hand on what the map of the patch needs.
MAPS    := $(if $(KERNEL),kernel,port coalescing)
ENGINES := libfuzzer afl cmplog replay coverage

comma := ,
SANS  := address,undefined memory none

ifdef KERNEL
MAP    := kernel
# The folder of a kernel's import, and the importer: a path may have spaces and apostrophes.
IMPORTER  = CC='$(CC)' CGROUP=$(CGROUP) FILES='$(FILES)' FACTS='$(FACTS)' fuzz/import/import.sh
QUOTED   := '$(subst ','\'',$(KERNEL))'
IMPORT   := build/import/$(shell $(IMPORTER) id $(QUOTED))
endif

# $(call one-of,VARIABLE,known words): an unknown word is an error that lists the known ones
one-of = $(if $(filter-out 1,$(words $($(1))))$(filter-out $(2),$($(1))),\
	$(error $(1)=$($(1)) is unknown; choose one of: $(2)))
$(call one-of,TARGET,$(TARGETS))
$(call one-of,MAP,$(MAPS))
$(call one-of,SAN,$(SANS))
$(call one-of,ENGINE,$(ENGINES))
$(call one-of,CGROUP,0 1)
$(call one-of,DEBUG_VM,0 1)
$(call one-of,EXPECT,0 1)
$(if $(shell printf %s '$(JOBS)' | grep -x '[1-9][0-9]*'),,$(error JOBS=$(JOBS) is unknown; give a number))
$(call one-of,MUTATOR,0 1)
# The words of fuzz/trace/without.c.
LEAVABLE := $(shell sed -n "s/^[A-Z_]*OP.'.', *\([a-z]*\),.*/\1/p" fuzz/trace/ops.def) \
	private noreserve write late pool subpool cgroup memory windows limits surplus
WITHOUT_WORDS := $(subst $(comma), ,$(WITHOUT))
$(if $(filter-out $(LEAVABLE),$(WITHOUT_WORDS)),$(error WITHOUT=$(filter-out $(LEAVABLE),\
	$(WITHOUT_WORDS)) is unknown; choose of: $(LEAVABLE)))
$(if $(shell printf %s '$(FUZZ_TIME)' | tr -d 0-9),$(error FUZZ_TIME=$(FUZZ_TIME) is unknown; give seconds))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
Q := $(if $(filter 1,$(V)),,@)

# Only what builds needs a compiler: help and clean work on a machine that has none.
ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),help)),)
ifeq ($(origin CC),default)
CC := $(shell fuzz/engines/setup.sh cc)
$(if $(CC),,$(error no clang: see the line above))
export CC
endif
endif

# AFL++ has a compiler of its own, made for one version of clang.
ifneq ($(filter afl cmplog,$(ENGINE)),)
override CC := afl-clang-fast
export AFL_QUIET := 1
endif

include fuzz/build.mk

# --- what one does -------------------------------------------------------------------------------

# What the user typed to get here, for the commands that reports print: as a shell reads it back.
quote   := '
special := $(quote) " \ * ? ( ) ; & < > |
quoted   = $(if $(or $(word 2,$(1)),$(strip $(foreach char,$(special),$(findstring $(char),$(1))))),$(quote)$(subst \
	$(quote),$(quote)\$(quote)$(quote),$(1))$(quote),$(1))
SAID := $(if $(filter-out region,$(TARGET)), TARGET=$(TARGET))$(if $(filter-out port,$(MAP)), \
	$(if $(KERNEL),KERNEL=$(call quoted,$(KERNEL))$(if $(filter 0,$(CGROUP)), CGROUP=0),MAP=$(MAP)))$(if \
	$(filter 0,$(DEBUG_VM)), DEBUG_VM=0)$(if $(filter-out address$(comma)undefined,$(SAN)), SAN=$(SAN))
export RESVMAP_REPLAY := $(SAID)
export RESVMAP_WITHOUT := $(WITHOUT_WORDS)
export FUZZ_TIME JOBS TARGET BUG FUZZ

# A command X is two targets: run-X does it and leaves its exit status in $(RUN), which is this run's
# alone; X ends make with it.
COMMANDS := import fuzz-libfuzzer fuzz-afl campaign corpus-import replay explore matrix bugs bugs-afl bugs-replay
ID       := $(shell echo "$$PPID.$$(readlink /proc/self/ns/pid | tr -dc 0-9).$$(date +%s%N)")
RUN       = build/runs/$(ID)/$(@:run-%=%)
# `make -n` and the like run nothing, so there is no status to end with.
FLAGS    := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
DRY      := $(if $(findstring n,$(FLAGS))$(findstring q,$(FLAGS))$(findstring t,$(FLAGS)),1)
# What runs make again gets its jobs.
PLUS     := $(if $(DRY),,+)
# $(BEGIN)command$(END): the last line of run-X.  Ctrl-C ends the command, whose status is wanted.
BEGIN    := trap : INT; {
END       = ; }; echo $$? >$(RUN)/status

# make knows the exit statuses 0 and 2 only; fuzz/programs/make_status.c knows more.
ifneq ($(and $(filter load,$(.FEATURES)),$(filter $(COMMANDS),$(MAKECMDGOALS)),$(if $(DRY),,1)),)
-load build/make_status.so
build/make_status.so: fuzz/programs/make_status.c
	@mkdir -p build
	@$(CC) -shared -fPIC $< -o $@.$$$$ && mv $@.$$$$ $@
endif

.PHONY: $(COMMANDS) $(COMMANDS:%=run-%)
$(COMMANDS): %: run-%
	$(eval ENDED := $(if $(DRY),0,$(shell cat $(RUN)/status 2>/dev/null || echo 2; \
		rm -rf $(RUN); rmdir $(dir $(RUN)) 2>/dev/null)))$(if \
		$(filter-out 0,$(ENDED)),$(end-with $(ENDED)))@exit $(ENDED)

# Where an engine keeps what it found for this target, map and sanitizer set.
WORK := build/fuzz/$(TARGET)-$(WHAT)-$(subst $(comma),+,$(SAN))

# $(call in-engine,ENGINE,programs[,SAN]): have them built with that engine, and linked into $(RUN)
in-engine = $(PLUS)$(Q)fuzz/engines/build.sh $(RUN) $(or $(IMPORT),$(call build-of,$(1),$(3))) \
	$(MAKE) --no-print-directory ENGINE=$(1) $(if $(3),SAN=$(3)) \
	$(addprefix $(call build-of,$(1),$(3))/,$(2))
built-in  = $(RUN)/$(notdir $(call build-of,$(1),$(3)))/$(2)
assemble-seeds = $(PLUS)$(Q)fuzz/engines/build.sh $(RUN) build/seeds \
	$(MAKE) --no-print-directory $(SEEDS).stamp

run-import:
	@mkdir -p $(RUN)
	@$(BEGIN) $(if $(KERNEL),$(IMPORTER) $(if $(filter import,$(MAKECMDGOALS)),say,cut) \
			$(QUOTED) $(IMPORT) $(filter reserve,$(TARGET)),\
		echo "import: say which tree: make import KERNEL=folder" >&2; (exit 2)) $(END)
import:                 ## cut the map out of KERNEL=folder or tar, into build/import/

# A kernel's map is imported first, so that a tree which has none ends with the status that says so.
run-fuzz-libfuzzer run-fuzz-afl run-campaign run-replay: $(if $(KERNEL),import)

run-fuzz-libfuzzer:
	$(outlive-interrupt 1)$(call in-engine,libfuzzer,$(TARGET)_fuzzer)
	$(call in-engine,replay,$(TARGET)_trace trace)
	$(assemble-seeds)
	$(Q)$(BEGIN) fuzz/engines/libfuzzer.sh $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) $(WORK) $(DICT) $(END)
fuzz-libfuzzer:         ## fuzz TARGET of MAP for FUZZ_TIME seconds from the checked-in corpus

# Instances from the second on run the plain build, one of them beside the cmplog build.
more-builds = $(if $(filter-out 1,$(JOBS))$(filter run-campaign,$@),$(1))
# The mutator of traces; the text parser's inputs are none.
AFL_MUTATOR := $(if $(and $(filter 1,$(MUTATOR)),$(filter-out trace,$(TARGET))),mutate_afl-$(call \
	family-of,$(TARGET)).so)
AFL_BUILDS = $(if $(AFL_MUTATOR),AFL_CUSTOM_MUTATOR_LIBRARY=$(call built-in,replay,$(AFL_MUTATOR),none)) \
	DICT=$(DICT) FUZZER=$(call built-in,afl,$(TARGET)_fuzzer) $(call more-builds,\
	PLAIN_FUZZER=$(call built-in,afl,$(TARGET)_fuzzer,none) \
	CMPLOG_FUZZER=$(call built-in,cmplog,$(TARGET)_fuzzer,none))
run-fuzz-afl:
	$(outlive-interrupt 1)@fuzz/engines/setup.sh need afl-fuzz
	$(call in-engine,afl,$(TARGET)_fuzzer)
	$(call more-builds,$(call in-engine,afl,$(TARGET)_fuzzer,none))
	$(call more-builds,$(call in-engine,cmplog,$(TARGET)_fuzzer,none))
	$(if $(AFL_MUTATOR),$(call in-engine,replay,$(AFL_MUTATOR),none))
	$(call in-engine,replay,$(TARGET)_trace trace)
	$(assemble-seeds)
	$(Q)$(BEGIN) $(AFL_BUILDS) fuzz/engines/alone.sh $(WORK) fuzz/engines/afl.sh \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) $(WORK) $(END)
fuzz-afl:               ## the same with AFL++

# A campaign is kept in CAMPAIGN; put it outside build/ if it is to survive `make clean`.
CAMPAIGN ?= build/campaign/$(TARGET)-$(WHAT)
export CAMPAIGN
.PHONY: campaign-status
# One engine of each kind, and no end, unless somebody says otherwise.
CAMPAIGN_JOBS := $(if $(filter file,$(origin JOBS)),2,$(JOBS))
CAMPAIGN_TIME := $(if $(filter file,$(origin FUZZ_TIME)),0,$(FUZZ_TIME))
run-campaign:
	$(outlive-interrupt 1)@fuzz/engines/setup.sh need afl-fuzz
	$(call in-engine,afl,$(TARGET)_fuzzer)
	$(call in-engine,afl,$(TARGET)_fuzzer,none)
	$(call in-engine,cmplog,$(TARGET)_fuzzer,none)
	$(call in-engine,libfuzzer,$(TARGET)_fuzzer)
	$(if $(AFL_MUTATOR),$(call in-engine,replay,$(AFL_MUTATOR),none))
	$(call in-engine,replay,$(TARGET)_trace trace)
	$(assemble-seeds)
	$(Q)$(BEGIN) $(AFL_BUILDS) LIBFUZZER=$(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		JOBS=$(CAMPAIGN_JOBS) FUZZ_TIME=$(CAMPAIGN_TIME) \
		fuzz/engines/alone.sh "$$CAMPAIGN" fuzz/engines/campaign.sh \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) "$$CAMPAIGN" $(END)
campaign:               ## libFuzzer and AFL++ on one corpus with JOBS=2 processes, until interrupted
campaign-status:        ## how it stands
	@fuzz/engines/campaign_status.sh "$$CAMPAIGN"
export FROM
run-corpus-import:
	$(call in-engine,libfuzzer,$(TARGET)_fuzzer)
	$(call in-engine,replay,$(TARGET)_trace trace)
	$(assemble-seeds)
	$(Q)$(BEGIN) fuzz/engines/corpus.sh import $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) "$$FROM" corpus/$(TARGET) $(END)
corpus-import:          ## turn what FROM=folder reaches and no seed does into text seeds

run-replay:
	$(call in-engine,replay,$(TARGET)_replay)
	@$(BEGIN) $(if $(TRACE),$(call built-in,replay,$(TARGET)_replay) \
		$(if $(filter 0,$(EXPECT)),--rules-only) $(TRACE); \
		case $$? in (0) ;; (2) (exit 2) ;; (*) (exit 1) ;; esac,\
		echo "replay: say which trace or folder: make replay TRACE=file" >&2; (exit 2)) $(END)
replay:                 ## run TRACE=file, or a folder of traces, without an engine

# OPS and CELLS: the scope; the sanitizers are for what a run may corrupt, the rules for the rest.
OPS   ?= 5
CELLS ?= 3
.PHONY: bench run-bench coverage
run-explore:
	$(call in-engine,replay,explore)
	$(Q)$(BEGIN) $(call built-in,replay,explore) $(OPS) $(CELLS) $(END)
explore:                ## run every trace of a small scope: OPS ops on CELLS cells

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
	@fuzz/engines/setup.sh need afl-fuzz
	$(call in-engine,afl,$(TARGET)_fuzzer bench_empty)
	$(assemble-seeds)
	$(Q)DICT=$(DICT) fuzz/engines/alone.sh build/bench-afl fuzz/engines/bench_afl.sh \
		$(call built-in,afl,$(TARGET)_fuzzer) $(call built-in,afl,bench_empty) \
		$(SEEDS) build/bench-afl
	@rm -rf $(RUN)

.PHONY: bench-mutator
bench-mutator:          ## runs to the first finding of each bug, with the mutator and without
	@fuzz/engines/setup.sh need patch
	@+CC=$(CC) fuzz/engines/bench_mutator.sh

# The compiler's tools carry its version.
LLVM_COV = $(subst clang,llvm-cov,$(CC))
COVERED  = $(if $(filter reserve,$(TARGET)),src/hugetlbfs/hugetlbfs.c src/hugetlbfs/fault.c src/shim/mm.c \
	$(if $(KERNEL),$(IMPORT)/reserve/reserve.c,$(addsuffix .c,$(reserve-$(MAP)))),\
	$(if $(KERNEL),$(IMPORT)/map.c,$(addsuffix .c,$(map-$(MAP)))))
REPLAYED = $(call built-in,coverage,$(TARGET)_replay,none)
coverage:               ## line, branch and MC/DC coverage of what is tested by the corpus alone; HTML
	$(call in-engine,coverage,$(TARGET)_replay,none)
	$(Q)LLVM_PROFILE_FILE=$(RUN)/raw $(REPLAYED) \
		$(if $(filter 0,$(EXPECT)),--rules-only) corpus/$(call family-of,$(TARGET))
	$(Q)$(subst clang,llvm-profdata,$(CC)) merge -o $(RUN)/data $(RUN)/raw
	$(Q)$(LLVM_COV) show --format=html --show-branches=count -o build/coverage \
		-instr-profile=$(RUN)/data $(if $(MCDC),--show-mcdc) $(REPLAYED) $(COVERED)
	$(Q)$(LLVM_COV) report -instr-profile=$(RUN)/data --show-branch-summary \
		$(if $(MCDC),--show-mcdc-summary) $(REPLAYED) $(COVERED)
	@rm -rf $(RUN)
	@echo "line by line: build/coverage/index.html"

.PHONY: check
check:                  ## all tests; ends with `N passed, N failed`
	@fuzz/engines/setup.sh need cc cmocka clang-14 clang-19 clang-format patch xz afl-fuzz \
		linux-source-6.1 linux-source-6.12
	@CC=$(notdir $(CC)) MAKE="$(MAKE)" tests/check.sh

# Programs of build.sh, which was told compiler and engine; and that build.sh itself.
.PHONY: oss-fuzz build-fuzzers
build-fuzzers: $(TARGETS:%=$(BUILD)/%_fuzzer)
oss-fuzz:               ## build what OSS-Fuzz would, into build/out, and check it as its scripts do
	@fuzz/engines/setup.sh need afl-fuzz zip unzip file objdump patch
	@+CC=$(CC) fuzz/oss-fuzz/check.sh

.PHONY: build-replay build-fuzzer
# For scripts: build a program and say where it is.
build-replay build-fuzzer: build-%: $(BUILD)/$(TARGET)_%
	@echo $<

run-matrix:
	@mkdir -p $(RUN)
	@$(BEGIN) MAKE='$(MAKE)' RESVMAP_RUN=$(RUN) fuzz/import/matrix.sh '$(TRACES)' $(KERNELS) $(END)
matrix:                 ## run the traces of TRACES=folder on the trees of KERNELS="dir1 dir2", as a table

run-bugs run-bugs-afl run-bugs-replay:
	@mkdir -p $(RUN)
	@fuzz/engines/setup.sh need patch $(if $(filter %-afl,$@),afl-fuzz)
	$(PLUS)@$(BEGIN) CC=$(CC) $(if $(filter %-afl,$@),FUZZ=$(if $(filter file,$(origin FUZZ)),60,$(FUZZ))) \
		tests/bugs.sh $(if $(filter run-bugs,$@),fuzz,$(@:run-bugs-%=%)) $(END)
bugs:                   ## plant each known bug, or BUG=name: its rule must be found in FUZZ=20 seconds
bugs-afl:               ## the same with AFL++, in FUZZ=60 seconds
bugs-replay:            ## the same by its trace, without fuzzing

.PHONY: FORCE help clean
FORCE:

help:                   ## print this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
		awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

clean:                  ## remove build/
	rm -rf build
