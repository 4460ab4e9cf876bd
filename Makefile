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
#	WITHOUT	words: what fuzzing leaves out, fuzz/without.h
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
# The words of fuzz/without.c.
LEAVABLE := $(shell sed -n "s/^[A-Z_]*OP.'.', *\([a-z]*\),.*/\1/p" fuzz/ops.def) \
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
CC := $(shell fuzz/setup.sh cc)
$(if $(CC),,$(error no clang: see the line above))
export CC
endif
endif

# AFL++ has a compiler of its own, made for one version of clang.
ifneq ($(filter afl cmplog,$(ENGINE)),)
override CC := afl-clang-fast
export AFL_QUIET := 1
endif

# --- flags: engine and sanitizer are words, this is the only place that spells them ------------

san-address,undefined := -fsanitize=address,undefined -fno-sanitize-recover=all
san-memory            := -fsanitize=memory -fsanitize-memory-track-origins
# An optimizer decides what an uninitialised variable holds before MSan can look at it.
map-san-memory        := -O0
san-none              :=

BASE_FLAGS := -std=gnu11 -g -O2 -fno-omit-frame-pointer -Wall -Wextra -Wshadow -I.
SAN_FLAGS  := $(san-$(SAN))
LINK_FLAGS := $(SAN_FLAGS)
MAP_FLAGS  := $(BASE_FLAGS) -DSHIM_DEBUG_VM=$(DEBUG_VM) $(SAN_FLAGS) $(map-san-$(SAN))
# As the kernel is built: signed overflow is defined there.
KERNEL_FLAGS := -fno-strict-overflow -fno-sanitize=signed-integer-overflow -fno-strict-aliasing
FUZZ_FLAGS := $(BASE_FLAGS) $(SAN_FLAGS)

# While fuzzing only the map is instrumented: the harness' comparisons would drown the signal and
# cost half of the time.  MSan has to see every store.
ifeq ($(ENGINE),libfuzzer)
LINK_FLAGS += -fsanitize=fuzzer
# Counters only: following comparisons costs a third of the time, and what the map compares are
# pages, which the input does not spell.
MAP_FLAGS  += -fsanitize-coverage=inline-8bit-counters,pc-table
ifneq ($(SAN),memory)
FUZZ_FLAGS := $(BASE_FLAGS)
endif
endif

# --afl-noopt is the plain clang inside.  cmplog is a second build that tells of comparisons.
ifneq ($(filter afl cmplog,$(ENGINE)),)
LINK_FLAGS += -fsanitize=fuzzer
NO_TRACE   := --afl-noopt
FUZZ_FLAGS := $(BASE_FLAGS) $(if $(filter memory,$(SAN)),$(SAN_FLAGS)) $(NO_TRACE)
ifeq ($(ENGINE),cmplog)
export AFL_LLVM_CMPLOG := 1
endif
endif

# OSS-Fuzz says by its environment what to compile and link with, and which engine to link; its
# flags come first, and nothing of them is replaced.  Libraries of engines are C++.
ifdef LIB_FUZZING_ENGINE
ENGINE     := oss-fuzz
OWN_FLAGS  := -std=gnu11 -Wall -Wextra -Wshadow -I.
MAP_FLAGS  := $(CFLAGS) $(OWN_FLAGS) -DSHIM_DEBUG_VM=$(DEBUG_VM)
FUZZ_FLAGS := $(CFLAGS) $(OWN_FLAGS)
BASE_FLAGS := $(FUZZ_FLAGS)
SAN_FLAGS  :=
LINK_FLAGS := $(CXXFLAGS)
LINKER     := $(CXX)
LIBS       := $(LIB_FUZZING_ENGINE)
endif
LINKER ?= $(CC)

# MC/DC where the compiler can.
ifneq ($(filter coverage,$(ENGINE) $(MAKECMDGOALS)),)
MCDC := $(shell echo 'int x;' | $(CC) -fprofile-instr-generate -fcoverage-mapping \
	-fcoverage-mcdc -x c -c - -o /dev/null 2>/dev/null && echo -fcoverage-mcdc)
endif
ifeq ($(ENGINE),coverage)
LINK_FLAGS += -fprofile-instr-generate
MAP_FLAGS  += -fprofile-instr-generate -fcoverage-mapping $(MCDC)
endif

# $(call build-of,ENGINE[,SAN]): where that engine's build of this map is
WHAT     := $(if $(KERNEL),$(notdir $(IMPORT)),$(MAP))$(if $(filter 0,$(DEBUG_VM)),-nodebug)
build-of  = build/$(1)-$(subst $(comma),+,$(or $(2),$(SAN)))-$(WHAT)-$(if \
	$(filter afl cmplog,$(1)),afl-clang-fast,$(notdir $(CC)))$(if $(filter 0,$(MUTATOR)),-nomutator)
BUILD    := $(if $(LIB_FUZZING_ENGINE),build/oss-fuzz,$(call build-of,$(ENGINE)))

# --- objects -----------------------------------------------------------------------------------

map-port       := src/resv_map src/resv_map_common
map-coalescing := src/resv_map_coalescing src/resv_map_common
map-kernel     := fuzz/kernel_map
# The reserve target's: the callers of the map too.
reserve-port   := src/reserve src/subpool $(map-port)
reserve-coalescing := src/reserve src/subpool $(map-coalescing)
reserve-kernel := fuzz/kernel_reserve
other-map      := $(if $(filter port,$(MAP)),coalescing,port)

FORM := op trace trace_lex trace_parse trace_parse_op trace_print
JUDGE := fault model report stats view target_$(MAP)

obj = $(addprefix $(BUILD)/,$(addsuffix .o,$(1)))

MAP_OBJ := $(call obj,$(map-$(MAP)) src/shim/hooks fuzz/pool)
# Files, faults and the kernel around them, the callers behind src/reserve.h and the map.
RESERVE_OBJ := $(call obj,src/hugetlbfs src/fault $(reserve-$(MAP)) src/shim/mm src/shim/hooks \
	fuzz/reserve_target_$(MAP) fuzz/pool)
OTHER_OBJ := $(call obj,$(addprefix other/,$(map-$(other-map)) fuzz/target_$(other-map)))
JUDGE_OBJ := $(call obj,$(addprefix fuzz/,$(JUDGE))) $(MAP_OBJ)
FORM_OBJ := $(call obj,$(addprefix fuzz/,$(FORM)))
TRACE_OBJ := $(FORM_OBJ) $(call obj,fuzz/family_region)

# $(call family-of,TARGET): which family of ops its bytes are
family-of = $(if $(filter reserve,$(1)),reserve,region)

# What stands behind run.h for each target.  The text parser is what the trace target tests, so
# there it is built like a map.
run-region := $(call obj,$(addprefix fuzz/,run calls check window)) $(TRACE_OBJ) $(JUDGE_OBJ)
run-diff   := $(call obj,fuzz/diff) $(OTHER_OBJ) $(TRACE_OBJ) $(JUDGE_OBJ)
run-reserve := $(call obj,$(addprefix fuzz/,run reserve_calls reserve_check reserve_print \
	reserve_model reserve_world window fault model report stats family_reserve)) $(FORM_OBJ) $(RESERVE_OBJ)
run-trace  := $(call obj,fuzz/roundtrip fuzz/family_both $(addprefix tested/fuzz/,$(FORM))) $(JUDGE_OBJ)

# The mutator of traces is linked where libFuzzer may be the engine; others pass over it.  The text
# parser's inputs are no traces.
MUTATE := mutate mutate_pick mutate_ops mutate_fields mutate_ranges mutate_board mutate_reserve
ifneq ($(and $(filter 1,$(MUTATOR)),$(filter libfuzzer oss-fuzz,$(ENGINE))),)
$(foreach target,$(filter-out trace,$(TARGETS)),$(eval \
	mutator-$(target) := $(call obj,$(addprefix fuzz/,mutate_libfuzzer $(MUTATE)))))
endif

MINIMIZE := minimize minimize_fields

$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(MAP_FLAGS) $(FUZZ_FLAGS) $(LINKER) $(LINK_FLAGS) $(LIBS)' | cmp -s - $@ || \
		echo '$(CC) $(MAP_FLAGS) $(FUZZ_FLAGS) $(LINKER) $(LINK_FLAGS) $(LIBS)' > $@

define compile
@mkdir -p $(@D)
$(if $(Q),@echo '  CC $@')
$(Q)$(CC) $(1) -MMD -MP -c $< -o $@
endef

$(BUILD)/src/%.o: src/%.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS))
# The pool's poisoning is the sanitizer's, but it is no part of what is to be explored.
$(BUILD)/fuzz/pool.o: fuzz/pool.c $(BUILD)/flags
	$(call compile,$(BASE_FLAGS) $(SAN_FLAGS) $(NO_TRACE))
# AFL++ takes a program only if something in it is instrumented.
$(BUILD)/fuzz/bench_empty.o: fuzz/bench_empty.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS))
# Whoever calls an imported kernel's reserve.h does it by other names.
ifdef KERNEL
NAMES := -include fuzz/kernel_names.h
endif
$(call obj,src/hugetlbfs src/fault): $(BUILD)/%.o: %.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(NAMES))
$(BUILD)/fuzz/reserve%.o: fuzz/reserve%.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) $(NAMES))
$(BUILD)/fuzz/kernel_reserve.o: fuzz/kernel_reserve.c $(IMPORT)/reserve/reserve.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(KERNEL_FLAGS) -I$(IMPORT)/reserve)
$(BUILD)/fuzz/reserve_target_kernel.o: fuzz/reserve_target_kernel.c $(IMPORT)/reserve/reserve.c \
		$(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) -I$(IMPORT)/reserve)
$(BUILD)/fuzz/kernel_map.o: fuzz/kernel_map.c $(IMPORT)/map.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(KERNEL_FLAGS) -I$(IMPORT))
$(BUILD)/fuzz/target_kernel.o: fuzz/target_kernel.c $(IMPORT)/map.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) -I$(IMPORT))
$(BUILD)/fuzz/%.o: fuzz/%.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS))
$(BUILD)/tested/%.o: %.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS))
$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS))
$(BUILD)/other/%.o: %.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) -include fuzz/other.h)

# The tree may have changed since the last import; a file that did not is left alone.
ifdef KERNEL
$(IMPORT)/map.c: FORCE
	@$(IMPORTER) cut $(QUOTED) $(IMPORT)
$(IMPORT)/reserve/reserve.c: FORCE
	@$(IMPORTER) cut $(QUOTED) $(IMPORT) reserve
endif

define programs
$(BUILD)/$(1)_fuzzer: $(call obj,fuzz/$(1)_fuzzer fuzz/input fuzz/without) $(run-$(1)) $(mutator-$(1))
$(BUILD)/$(1)_replay: $(call obj,fuzz/replay fuzz/file fuzz/without) $(run-$(1))
$(BUILD)/$(1)_trace: $(call obj,fuzz/trace_tool fuzz/failure $(MINIMIZE:%=fuzz/%) fuzz/file fuzz/without) $(run-$(1))
PROGRAMS += $(addprefix $(BUILD)/$(1)_,fuzzer replay trace)
endef
$(foreach target,$(TARGETS),$(eval $(call programs,$(target))))

# Every tests/*_test.c is a program of cmocka tests, linked with all of the region target; those of
# the map's callers with all of the reserve target.
TESTS   := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/*_test.c))
CALLERS := $(filter $(BUILD)/tests/callers_%,$(TESTS))
$(filter-out $(CALLERS),$(TESTS)): $(BUILD)/tests/%: $(BUILD)/tests/%.o \
		$(call obj,$(MINIMIZE:%=fuzz/%)) $(run-region)
$(CALLERS): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(run-reserve)
$(TESTS): LIBS := -lcmocka
$(BUILD)/tests/mutate_test: $(call obj,$(addprefix fuzz/,mutate_libfuzzer mutate_afl $(MUTATE)))
$(BUILD)/tests/reserve_mutate_test: $(call obj,$(MUTATE:%=fuzz/%))
PROGRAMS += $(TESTS)

PROGRAMS += $(addprefix $(BUILD)/,dictionary bench_empty explore)
$(PROGRAMS):
	$(if $(Q),@echo '  LD $@')
	$(Q)$(LINKER) $(LINK_FLAGS) $^ $(LIBS) -o $@

# The mutator for afl-fuzz, which loads it: no sanitizer, no coverage.  One for each family of ops.
$(BUILD)/mutate_afl-%.so: fuzz/family_%.c \
		$(addprefix fuzz/,$(addsuffix .c,mutate_afl $(MUTATE) trace op)) \
		$(wildcard fuzz/mutate*.h) fuzz/trace.h fuzz/op.h fuzz/ops.def $(BUILD)/flags
	$(if $(Q),@echo '  LD $@')
	$(Q)$(CC) $(BASE_FLAGS) $(NO_TRACE) -shared -fPIC $(filter %.c,$^) -o $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

$(BUILD)/explore: $(call obj,fuzz/explore) $(run-region)
$(BUILD)/bench_empty: $(call obj,fuzz/bench_empty)
$(BUILD)/dictionary: $(call obj,fuzz/dictionary) $(TRACE_OBJ)

# The contract's name for the trace tool and replay of the main target.
$(BUILD)/trace $(BUILD)/replay: $(BUILD)/%: $(BUILD)/region_%
	@ln -f $< $@

# --- inputs: corpora are text, and are assembled here --------------------------------------------

# What seeds a target, as its engine takes them: bytes, or the text itself for the text parser.
SEEDS_OF  := $(sort $(call family-of,$(TARGET)) $(TARGET) $(if $(filter trace,$(TARGET)),reserve))
SEED_TEXT := $(sort $(wildcard $(SEEDS_OF:%=corpus/%/*.trace)))
SEEDS     := build/seeds/$(TARGET)

ASSEMBLER := $(BUILD)/$(call family-of,$(TARGET))_trace

build/seeds/%.stamp: $(SEED_TEXT) $(ASSEMBLER)
	@rm -rf $(SEEDS) && mkdir -p $(SEEDS)
	@$(if $(SEED_TEXT),,echo "corpus/$(TARGET): the folder has no .trace; put one into it" >&2; exit 2)
	@for text in $(SEED_TEXT); do \
		$(if $(filter trace,$(TARGET)),cp $$text $(SEEDS)/,\
		$(ASSEMBLER) assemble $$text $(SEEDS)/$$(basename $$text .trace)) || exit 2; \
	done
	@touch $@

.PHONY: seeds
seeds: $(SEEDS).stamp   ## the corpus as engines take it, into build/seeds/

DICT := dictionaries/$(TARGET).dict

.PHONY: dictionaries
dictionaries: $(BUILD)/dictionary       ## make dictionaries/ anew from ops.def
	@for target in $(TARGETS); do \
		$< $$target >dictionaries/$$target.dict || exit 2; \
	done

# --- what one does -------------------------------------------------------------------------------

# What the user typed to get here, for the commands that reports print.
SAID := $(if $(filter-out region,$(TARGET)), TARGET=$(TARGET))$(if $(filter-out port,$(MAP)), \
	$(if $(KERNEL),KERNEL=$(KERNEL)$(if $(filter 0,$(CGROUP)), CGROUP=0),MAP=$(MAP)))$(if \
	$(filter 0,$(DEBUG_VM)), DEBUG_VM=0)$(if $(filter-out address$(comma)undefined,$(SAN)), SAN=$(SAN))
export RESVMAP_REPLAY := $(SAID)
export RESVMAP_WITHOUT := $(WITHOUT_WORDS)
export FUZZ_TIME JOBS TARGET BUG FUZZ

# make knows the exit statuses 0 and 2 only; fuzz/make_status.c knows more.
ifneq ($(and $(filter load,$(.FEATURES)),$(filter replay fuzz-libfuzzer fuzz-afl campaign bugs bugs-afl import matrix,$(MAKECMDGOALS))),)
-load build/make_status.so
build/make_status.so: fuzz/make_status.c
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
	@$(if $(KERNEL),$(IMPORTER) $(if $(filter import,$(MAKECMDGOALS)),say,cut) $(QUOTED) $(IMPORT) $(filter reserve,$(TARGET)),\
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
	$(Q)fuzz/libfuzzer.sh $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
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
	@fuzz/setup.sh need afl-fuzz
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer) $(QUIET)
	$(call more-builds,$(Q)$(call in-engine,afl,$(TARGET)_fuzzer,none) $(QUIET))
	$(call more-builds,$(Q)$(call in-engine,cmplog,$(TARGET)_fuzzer,none) $(QUIET))
	$(build-mutator)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)$(AFL_BUILDS) fuzz/alone.sh $(WORK) \
		fuzz/afl.sh $(call built-in,replay,$(TARGET)_trace) $(SEEDS) $(WORK); \
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
	@fuzz/setup.sh need afl-fuzz
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer) $(QUIET)
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer,none) $(QUIET)
	$(Q)$(call in-engine,cmplog,$(TARGET)_fuzzer,none) $(QUIET)
	$(Q)$(call in-engine,libfuzzer,$(TARGET)_fuzzer) $(QUIET)
	$(build-mutator)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)$(AFL_BUILDS) LIBFUZZER=$(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		JOBS=$(CAMPAIGN_JOBS) FUZZ_TIME=$(CAMPAIGN_TIME) fuzz/alone.sh $(CAMPAIGN) fuzz/campaign.sh \
		$(call built-in,replay,$(TARGET)_trace) $(SEEDS) $(CAMPAIGN); echo $$? >$(STATUS)
campaign: run-campaign  ## libFuzzer and AFL++ on one corpus with JOBS=2 processes, until interrupted
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))
campaign-status:        ## how it stands
	@fuzz/campaign_status.sh $(CAMPAIGN)
corpus-import:          ## turn what FROM=folder reaches and no seed does into text seeds
	$(Q)$(call in-engine,libfuzzer,$(TARGET)_fuzzer) $(QUIET)
	$(Q)$(call in-engine,replay,$(TARGET)_trace trace) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)fuzz/corpus.sh import $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
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
	$(Q)fuzz/bench.sh $(call built-in,libfuzzer,$(TARGET)_fuzzer) \
		$(call built-in,libfuzzer,bench_empty) $(SEEDS) build/bench
# The mutator's own work and its shorter traces are no part of what the target costs.
bench:                  ## operations per second, against the runs of an empty target
	@echo 'plain bytes'
	$(Q)$(MAKE) --no-print-directory run-bench MUTATOR=0
	@echo 'with the mutator'
	$(Q)$(MAKE) --no-print-directory run-bench MUTATOR=1

.PHONY: bench-afl
bench-afl:              ## runs per second under AFL++, against those of an empty target
	@fuzz/setup.sh need afl-fuzz
	$(Q)$(call in-engine,afl,$(TARGET)_fuzzer bench_empty) $(QUIET)
	$(Q)$(MAKE) --no-print-directory $(SEEDS).stamp $(QUIET)
	$(Q)DICT=$(DICT) fuzz/alone.sh build/bench-afl fuzz/bench_afl.sh \
		$(call built-in,afl,$(TARGET)_fuzzer) $(call built-in,afl,bench_empty) \
		$(SEEDS) build/bench-afl

.PHONY: bench-mutator
bench-mutator:          ## runs to the first finding of each bug, with the mutator and without
	@fuzz/setup.sh need patch
	@+CC=$(CC) fuzz/bench_mutator.sh

# The compiler's tools carry its version.
LLVM_COV = $(subst clang,llvm-cov,$(CC))
COVERED  = $(if $(filter reserve,$(TARGET)),src/hugetlbfs.c src/fault.c src/shim/mm.c \
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
	@fuzz/setup.sh need cc cmocka clang-14 clang-19 clang-format patch xz afl-fuzz \
		linux-source-6.1 linux-source-6.12
	@CC=$(notdir $(CC)) MAKE="$(MAKE)" tests/check.sh

# Programs of build.sh, which was told compiler and engine; and that build.sh itself.
.PHONY: oss-fuzz build-fuzzers
build-fuzzers: $(TARGETS:%=$(BUILD)/%_fuzzer)
oss-fuzz:               ## build what OSS-Fuzz would, into build/out, and check it as its scripts do
	@fuzz/setup.sh need afl-fuzz zip unzip file objdump patch
	@+CC=$(CC) fuzz/oss-fuzz/check.sh

.PHONY: matrix run-matrix build-replay build-fuzzer
# For scripts: build a program and say where it is.
build-replay build-fuzzer: build-%: $(BUILD)/$(TARGET)_%
	@echo $<

run-matrix:
	@mkdir -p build; MAKE='$(MAKE)' fuzz/matrix.sh '$(TRACES)' $(KERNELS); echo $$? >$(STATUS)
matrix: run-matrix      ## run the traces of TRACES=folder on the trees of KERNELS="dir1 dir2", as a table
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))

.PHONY: bugs run-bugs bugs-afl run-bugs-afl bugs-replay
run-bugs:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/setup.sh need patch
	@+CC=$(CC) tests/bugs.sh fuzz; echo $$? >$(STATUS)
bugs: run-bugs          ## plant each known bug, or BUG=name: its rule must be found in FUZZ=20 seconds
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))
run-bugs-afl:
	@mkdir -p build; echo 2 >$(STATUS)
	@fuzz/setup.sh need patch afl-fuzz
	@+CC=$(CC) FUZZ=$(if $(filter file,$(origin FUZZ)),60,$(FUZZ)) tests/bugs.sh afl; \
		echo $$? >$(STATUS)
bugs-afl: run-bugs-afl  ## the same with AFL++, in FUZZ=60 seconds
	$(end-with $(shell cat $(STATUS)))@exit $$(cat $(STATUS))
bugs-replay:            ## the same by its trace, without fuzzing
	@fuzz/setup.sh need patch
	@+CC=$(CC) tests/bugs.sh replay

.PHONY: FORCE help clean
FORCE:

help:                   ## print this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

clean:                  ## remove build/
	rm -rf build
