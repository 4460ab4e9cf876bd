# SPDX-License-Identifier: GPL-2.0-only
#
# Targets are listed by `make help`.  Variables, each a word out of a list:
#
#	TARGET	region, diff, reserve, trace	what is fuzzed or replayed
#	MAP	port, coalescing	the map under test
#	KERNEL	a kernel tree, or a tar of one: the map is its mm/hugetlb.c's
#	CGROUP	1, or 0: build KERNEL's map without cgroups
#	EXPECT	1, or 0: replay rules only; results that a trace's text expects are another map's
#	DEBUG_VM 1, or 0: compile the map's assertions out, as a distribution's kernel does
#	SAN	address,undefined | memory | none
#	CC	a clang; default: the newest that has the runtimes, installed if there is none
#	WITHOUT	words: what fuzzing leaves out, fuzz/trace/without.h
#	MUTATOR	1, or 0: libFuzzer's own mutations of bytes only
#	FUZZ_TIME seconds, 0: until interrupted		JOBS processes		V=1 shows commands
#	CAMPAIGN the folder of make campaign; FROM one for make corpus-import
#	IMAGE	for make boot: a bzImage, a package of one, or a Debian version like 6.12
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
IMPORT := build/import/$(shell CGROUP=$(CGROUP) fuzz/import/kernel.sh id '$(KERNEL)')
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

# What the user typed to get here, for the commands that reports print.
SAID := $(if $(filter-out region,$(TARGET)), TARGET=$(TARGET))$(if $(filter-out port,$(MAP)), \
	$(if $(KERNEL),KERNEL=$(KERNEL)$(if $(filter 0,$(CGROUP)), CGROUP=0),MAP=$(MAP)))$(if \
	$(filter 0,$(DEBUG_VM)), DEBUG_VM=0)$(if $(filter-out address$(comma)undefined,$(SAN)), SAN=$(SAN))
export RESVMAP_REPLAY := $(SAID)
export RESVMAP_WITHOUT := $(WITHOUT_WORDS)
export FUZZ_TIME JOBS TARGET BUG FUZZ

# make knows the exit statuses 0 and 2 only; fuzz/programs/make_status.c knows more.
ifneq ($(and $(filter load,$(.FEATURES)),$(filter replay fuzz-libfuzzer fuzz-afl campaign bugs bugs-afl import matrix boot,$(MAKECMDGOALS))),)
-load build/make_status.so
build/make_status.so: fuzz/programs/make_status.c
	@mkdir -p build
	@$(CC) -shared -fPIC $< -o $@
endif
STATUS := build/status

# Where an engine keeps what it found for this target, map and sanitizer set.
WORK := build/fuzz/$(TARGET)-$(WHAT)-$(subst $(comma),+,$(SAN))

# $(call in-engine,ENGINE,programs,SAN): have them built with that engine
in-engine = $(MAKE) --no-print-directory ENGINE=$(1) $(if $(3),SAN=$(3)) \
	$(addprefix $(call build-of,$(1),$(3))/,$(2))
built-in  = $(call build-of,$(1))/$(2)
QUIET := $(if $(Q),>build/make.log 2>&1 || { cat build/make.log >&2; exit 2; },)

.PHONY: import run-import fuzz-libfuzzer run-libfuzzer fuzz-afl run-afl replay run-replay
run-import:
	@mkdir -p build; echo 2 >$(STATUS)
	@$(if $(KERNEL),fuzz/engines/setup.sh need ctags; \
		CGROUP=$(CGROUP) fuzz/import/kernel.sh cut '$(KERNEL)' $(IMPORT) \
			$(filter reserve,$(TARGET)),\
		echo "import: say which tree: make import KERNEL=folder" >&2; false); \
		case $$? in 0) echo 0;; 125) echo 125;; *) echo 2;; esac >$(STATUS)
import: run-import      ## cut the map out of KERNEL=folder or tar, into build/import/
	$(if $(filter-out 0,$(shell cat $(STATUS))),\
		$(end-with $(shell cat $(STATUS))))@exit $$(cat $(STATUS))

# A kernel's map is imported first, so that a tree which has none ends with the status that says so.
run-libfuzzer run-afl run-campaign run-replay: $(if $(KERNEL),import)

run-libfuzzer:
	@mkdir -p build; echo 2 >$(STATUS)
	$(Q)$(call in-engine,libfuzzer,$(TARGET)_fuzzer) $(QUIET)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)fuzz/engines/libfuzzer.sh $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) \
		$(WORK) $(DICT); echo $$? >$(STATUS)
fuzz-libfuzzer: run-libfuzzer   ## fuzz TARGET of MAP for FUZZ_TIME seconds from the checked-in corpus
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))

# Instances from the second on run the plain build, one of them beside the cmplog build.
more-builds = $(if $(filter-out 1,$(JOBS))$(filter run-campaign,$@),$(1))
# The mutator of traces; the text parser's inputs are none.
AFL_MUTATOR = $(if $(and $(filter 1,$(MUTATOR)),$(filter-out trace,$(TARGET))),\
	$(call build-of,replay,none)/mutate_afl-$(call family-of,$(TARGET)).so)
build-mutator = $(if $(AFL_MUTATOR),$(Q)$(call in-engine,replay,$(notdir $(AFL_MUTATOR)),none) $(QUIET))
AFL_BUILDS = $(AFL_MUTATOR:%=AFL_CUSTOM_MUTATOR_LIBRARY=%) DICT=$(DICT) \
	FUZZER=$(call built-in,afl,$(TARGET)_fuzzer) $(call more-builds,\
	PLAIN_FUZZER=$(call build-of,afl,none)/$(TARGET)_fuzzer \
	CMPLOG_FUZZER=$(call build-of,cmplog,none)/$(TARGET)_fuzzer)
run-afl:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/engines/setup.sh need afl-fuzz
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer) $(QUIET)
	$(call more-builds,$(Q)$(call in-engine,afl,$(TARGET)_fuzzer,none) $(QUIET))
	$(call more-builds,$(Q)$(call in-engine,cmplog,$(TARGET)_fuzzer,none) $(QUIET))
	$(build-mutator)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)$(AFL_BUILDS) fuzz/engines/alone.sh $(WORK) \
		fuzz/engines/afl.sh $(call built-in,replay,$(TARGET)_trace) $(SEEDS) $(WORK); \
		echo $$? >$(STATUS)
fuzz-afl: run-afl       ## the same with AFL++
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))

# A campaign is kept in CAMPAIGN; put it outside build/ if it is to survive `make clean`.
CAMPAIGN ?= build/campaign/$(TARGET)-$(WHAT)
.PHONY: campaign run-campaign campaign-status corpus-import
# One engine of each kind, and no end, unless somebody says otherwise.
CAMPAIGN_JOBS := $(if $(filter file,$(origin JOBS)),2,$(JOBS))
CAMPAIGN_TIME := $(if $(filter file,$(origin FUZZ_TIME)),0,$(FUZZ_TIME))
run-campaign:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/engines/setup.sh need afl-fuzz
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer) $(QUIET)
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer,none) $(QUIET)
	$(Q)$(call in-engine,cmplog,$(TARGET)_fuzzer,none) $(QUIET)
	$(Q)$(call in-engine,libfuzzer,$(TARGET)_fuzzer) $(QUIET)
	$(build-mutator)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)$(AFL_BUILDS) LIBFUZZER=$(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		JOBS=$(CAMPAIGN_JOBS) FUZZ_TIME=$(CAMPAIGN_TIME) fuzz/engines/alone.sh $(CAMPAIGN) fuzz/engines/campaign.sh \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) $(CAMPAIGN); echo $$? >$(STATUS)
campaign: run-campaign  ## libFuzzer and AFL++ on one corpus with JOBS=2 processes, until interrupted
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))
campaign-status:        ## how it stands
	@fuzz/engines/campaign_status.sh $(CAMPAIGN)
corpus-import:          ## turn what FROM=folder reaches and no seed does into text seeds
	$(Q)$(call in-engine,libfuzzer,$(TARGET)_fuzzer) $(QUIET)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)fuzz/engines/corpus.sh import $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) '$(FROM)' corpus/$(TARGET)

run-replay:
	@mkdir -p build; echo 2 >$(STATUS)
	$(Q)$(call in-engine,replay,$(TARGET)_replay) $(QUIET)
	@$(if $(TRACE),$(call built-in,replay,$(TARGET)_replay) \
		$(if $(filter 0,$(EXPECT)),--rules-only) $(TRACE); \
		case $$? in (0) echo 0;; (2) echo 2;; (*) echo 1;; esac >$(STATUS),\
		echo "replay: say which trace or folder: make replay TRACE=file" >&2)
replay: run-replay      ## run TRACE=file, or a folder of traces, without an engine
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))

# The programs of fuzz/boot are built without sanitizers; the imported kernel's books by another make.
BOOT_BUILD = $(MAKE) --no-print-directory SAN=none ENGINE=replay
.PHONY: boot run-boot boot-programs boot-books
boot-programs: $(BOOT:%=$(BUILD)/%)
boot-books: $(BUILD)/boot_books
run-boot:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/engines/setup.sh need cc qemu-system-x86_64 cpio
	$(Q)$(BOOT_BUILD) KERNEL= MAP=port boot-programs $(QUIET)
	$(if $(KERNEL),$(Q)$(BOOT_BUILD) boot-books $(QUIET))
	@$(if $(TRACE),fuzz/engines/alone.sh build/boot/run fuzz/boot/boot.sh '$(IMAGE)' build/boot/run \
		build/replay-none-port-$(notdir $(CC)) \
		'$(if $(KERNEL),$(call build-of,replay,none)/boot_books)' $(TRACE); \
		case $$? in (0) echo 0;; (2) echo 2;; (125) echo 125;; (*) echo 1;; esac >$(STATUS),\
		echo "boot: say which trace or folder: make boot TRACE=file IMAGE=6.12" >&2)
run-boot: $(if $(KERNEL),import)
boot: run-boot          ## run TRACE on the kernel of IMAGE (a bzImage, or Debian's: 6.12), and compare the books
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))

# OPS and CELLS: the scope; the sanitizers are for what a run may corrupt, the rules for the rest.
OPS   ?= 5
CELLS ?= 3
.PHONY: explore bench run-bench coverage
explore:                ## run every trace of a small scope: OPS ops on CELLS cells
	$(Q)$(call in-engine,replay,explore) $(QUIET)
	$(Q)$(call built-in,replay,explore) $(OPS) $(CELLS)

run-bench:
	$(Q)$(call in-engine,libfuzzer,$(TARGET)_fuzzer bench_empty) $(QUIET)
	$(Q)$(call in-engine,replay,trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)fuzz/engines/bench.sh $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,libfuzzer,bench_empty) $(SEEDS) build/bench
# The mutator's own work and its shorter traces are no part of what the target costs.
bench:                  ## operations per second, against the runs of an empty target
	@echo 'plain bytes'
	$(Q)$(MAKE) --no-print-directory run-bench MUTATOR=0
	@echo 'with the mutator'
	$(Q)$(MAKE) --no-print-directory run-bench MUTATOR=1

.PHONY: bench-afl
bench-afl:              ## runs per second under AFL++, against those of an empty target
	@fuzz/engines/setup.sh need afl-fuzz
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer bench_empty) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)DICT=$(DICT) fuzz/engines/alone.sh build/bench-afl fuzz/engines/bench_afl.sh \
		$(call built-in,afl,$(TARGET)_fuzzer) $(call built-in,afl,bench_empty) \
		$(SEEDS) build/bench-afl

.PHONY: bench-mutator
bench-mutator:          ## runs to the first finding of each bug, with the mutator and without
	@fuzz/engines/setup.sh need patch
	@+CC=$(CC) fuzz/engines/bench_mutator.sh

# The compiler's tools carry its version.
LLVM_COV = $(subst clang,llvm-cov,$(CC))
COVERED  = $(if $(filter reserve,$(TARGET)),src/hugetlbfs/hugetlbfs.c src/hugetlbfs/fault.c src/shim/mm.c \
	$(if $(KERNEL),$(IMPORT)/reserve/reserve.c,$(addsuffix .c,$(reserve-$(MAP)))),\
	$(if $(KERNEL),$(IMPORT)/map.c,$(addsuffix .c,$(map-$(MAP)))))
REPLAYED = $(call build-of,coverage,none)/$(TARGET)_replay
coverage:               ## line, branch and MC/DC coverage of what is tested by the corpus alone; HTML
	$(Q)$(MAKE) --no-print-directory ENGINE=coverage SAN=none $(REPLAYED) $(QUIET)
	$(Q)LLVM_PROFILE_FILE=build/coverage.raw $(REPLAYED) \
		$(if $(filter 0,$(EXPECT)),--rules-only) corpus/$(call family-of,$(TARGET))
	$(Q)$(subst clang,llvm-profdata,$(CC)) merge -o build/coverage.data build/coverage.raw
	$(Q)$(LLVM_COV) show --format=html --show-branches=count -o build/coverage \
		-instr-profile=build/coverage.data $(if $(MCDC),--show-mcdc) $(REPLAYED) $(COVERED)
	$(Q)$(LLVM_COV) report -instr-profile=build/coverage.data --show-branch-summary \
		$(if $(MCDC),--show-mcdc-summary) $(REPLAYED) $(COVERED)
	@echo "line by line: build/coverage/index.html"

.PHONY: check
check:                  ## all tests; ends with `N passed, N failed`
	@fuzz/engines/setup.sh need cc cmocka clang-14 clang-19 clang-format patch ctags xz afl-fuzz \
		linux-source-6.1 linux-source-6.12
	@CC=$(notdir $(CC)) MAKE="$(MAKE)" tests/check.sh

# Programs of build.sh, which was told compiler and engine; and that build.sh itself.
.PHONY: oss-fuzz build-fuzzers
build-fuzzers: $(TARGETS:%=$(BUILD)/%_fuzzer)
oss-fuzz:               ## build what OSS-Fuzz would, into build/out, and check it as its scripts do
	@fuzz/engines/setup.sh need afl-fuzz zip unzip file objdump patch
	@+CC=$(CC) fuzz/oss-fuzz/check.sh

.PHONY: matrix run-matrix build-replay build-fuzzer
# For scripts: build a program and say where it is.
build-replay build-fuzzer: build-%: $(BUILD)/$(TARGET)_%
	@echo $<

run-matrix:
	@mkdir -p build; MAKE='$(MAKE)' fuzz/import/matrix.sh '$(TRACES)' $(KERNELS); echo $$? >$(STATUS)
matrix: run-matrix      ## run the traces of TRACES=folder on the trees of KERNELS="dir1 dir2", as a table
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))

.PHONY: bugs run-bugs bugs-afl run-bugs-afl bugs-replay
run-bugs:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/engines/setup.sh need patch
	@+CC=$(CC) tests/bugs.sh fuzz; echo $$? >$(STATUS)
bugs: run-bugs          ## plant each known bug, or BUG=name: its rule must be found in FUZZ=20 seconds
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))
run-bugs-afl:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/engines/setup.sh need patch afl-fuzz
	@+CC=$(CC) FUZZ=$(if $(filter file,$(origin FUZZ)),60,$(FUZZ)) tests/bugs.sh afl; \
		echo $$? >$(STATUS)
bugs-afl: run-bugs-afl  ## the same with AFL++, in FUZZ=60 seconds
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))
bugs-replay:            ## the same by its trace, without fuzzing
	@fuzz/engines/setup.sh need patch
	@+CC=$(CC) tests/bugs.sh replay

.PHONY: FORCE help clean
FORCE:

help:                   ## print this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
		awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

clean:                  ## remove build/
	rm -rf build
