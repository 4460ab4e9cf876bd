# SPDX-License-Identifier: GPL-2.0-only
#
# How things are built: flags, parts, programs, inputs.  Included by the Makefile, which has the words
# and the commands.  Parts are the folders of fuzz/ and src/; flags go by folder.

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

# --- parts: every .c of a folder, but for what is one of several to be linked ------------------------

objects-of = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $(addsuffix /*.c,$(1))))
obj = $(addprefix $(BUILD)/,$(addsuffix .o,$(1)))

map-port       := src/map/resv_map src/map/resv_map_common
map-coalescing := src/map/resv_map_coalescing src/map/resv_map_common
map-kernel     := fuzz/import/kernel_map
# The reserve target's: the callers of the map too.
reserve-port   := src/callers/reserve src/callers/subpool $(map-port)
reserve-coalescing := src/callers/reserve src/callers/subpool $(map-coalescing)
reserve-kernel := fuzz/import/kernel_reserve
other-map      := $(if $(filter port,$(MAP)),coalescing,port)

MAP_OBJ := $(call obj,$(map-$(MAP)) src/shim/hooks)
# Files, faults and the kernel around them, the callers behind src/callers/reserve.h and the map.
RESERVE_OBJ := $(call objects-of,src/hugetlbfs) $(call obj,$(reserve-$(MAP)) src/shim/mm \
	src/shim/hooks fuzz/map/reserve_target_$(MAP))
OTHER_OBJ := $(call obj,$(addprefix other/,$(map-$(other-map)) fuzz/map/target_$(other-map)))
LEFT_OUT  := $(call obj,fuzz/trace/file fuzz/trace/without fuzz/run/input fuzz/run/run)
FORM_OBJ  := $(filter-out $(LEFT_OUT) $(BUILD)/fuzz/trace/family_%,$(call objects-of,fuzz/trace))
TRACE_OBJ := $(FORM_OBJ) $(call obj,fuzz/trace/family_region)
RUN_OBJ   := $(filter-out $(LEFT_OUT),$(call objects-of,fuzz/run)) $(call obj,fuzz/map/view)
JUDGE_OBJ := $(RUN_OBJ) $(call obj,fuzz/targets/region/model fuzz/map/target_$(MAP)) $(MAP_OBJ)

# $(call target-obj,TARGET): what is in its folder
target-obj = $(filter-out %/fuzzer.o,$(call objects-of,fuzz/targets/$(1)))

# $(call family-of,TARGET): which family of ops its bytes are
family-of = $(if $(filter reserve,$(1)),reserve,region)

# What stands behind run.h for each target.  The text parser is what the trace target tests, so
# there it is built like a map.
run-region := $(call target-obj,region) $(call obj,fuzz/run/run) $(TRACE_OBJ) $(filter-out \
	%/region/model.o,$(JUDGE_OBJ))
run-diff   := $(call target-obj,diff) $(OTHER_OBJ) $(TRACE_OBJ) $(JUDGE_OBJ)
run-reserve := $(call target-obj,reserve) $(call obj,fuzz/run/run fuzz/targets/region/model \
	fuzz/trace/family_reserve) $(FORM_OBJ) $(RUN_OBJ) $(RESERVE_OBJ)
run-trace  := $(call target-obj,trace) $(call obj,fuzz/trace/family_both) \
	$(FORM_OBJ:$(BUILD)/%=$(BUILD)/tested/%) $(JUDGE_OBJ)

# The mutator of traces is linked where libFuzzer may be the engine; others pass over it.  The text
# parser's inputs are no traces.
ENGINE_ADAPTERS := $(call obj,fuzz/mutate/afl fuzz/mutate/libfuzzer)
MUTATE := $(filter-out $(ENGINE_ADAPTERS),$(call objects-of,fuzz/mutate))
ifneq ($(and $(filter 1,$(MUTATOR)),$(filter libfuzzer oss-fuzz,$(ENGINE))),)
$(foreach target,$(filter-out trace,$(TARGETS)),$(eval \
	mutator-$(target) := $(call obj,fuzz/mutate/libfuzzer) $(MUTATE)))
endif

MINIMIZE := $(call obj,fuzz/minimize/minimize fuzz/minimize/fields)

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
$(BUILD)/fuzz/run/pool.o: fuzz/run/pool.c $(BUILD)/flags
	$(call compile,$(BASE_FLAGS) $(SAN_FLAGS) $(NO_TRACE))
# AFL++ takes a program only if something in it is instrumented.
$(BUILD)/fuzz/programs/bench_empty.o: fuzz/programs/bench_empty.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS))
# Whoever calls an imported kernel's reserve.h does it by other names.
ifdef KERNEL
NAMES := -include fuzz/import/kernel_names.h
endif
$(call objects-of,src/hugetlbfs): $(BUILD)/%.o: %.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(NAMES))
$(BUILD)/fuzz/targets/reserve/%.o: fuzz/targets/reserve/%.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) $(NAMES))
$(BUILD)/fuzz/import/kernel_reserve.o: fuzz/import/kernel_reserve.c $(IMPORT)/reserve/reserve.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(KERNEL_FLAGS) -I$(IMPORT)/reserve)
$(BUILD)/fuzz/map/reserve_target_kernel.o: fuzz/map/reserve_target_kernel.c $(IMPORT)/reserve/reserve.c \
		$(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) -I$(IMPORT)/reserve)
$(BUILD)/fuzz/import/kernel_map.o: fuzz/import/kernel_map.c $(IMPORT)/map.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(KERNEL_FLAGS) -I$(IMPORT))
$(BUILD)/fuzz/map/target_kernel.o: fuzz/map/target_kernel.c $(IMPORT)/map.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) -I$(IMPORT))
$(BUILD)/fuzz/%.o: fuzz/%.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS))
$(BUILD)/tested/%.o: %.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS))
$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS))
$(BUILD)/other/%.o: %.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) -include fuzz/map/other.h)

# The tree may have changed since the last import; a file that did not is left alone.
ifdef KERNEL
$(IMPORT)/map.c: FORCE
	@fuzz/engines/setup.sh need ctags && \
		CGROUP=$(CGROUP) fuzz/import/kernel.sh cut '$(KERNEL)' $(IMPORT)
$(IMPORT)/reserve/reserve.c: FORCE
	@fuzz/engines/setup.sh need ctags && \
		CGROUP=$(CGROUP) fuzz/import/kernel.sh cut '$(KERNEL)' $(IMPORT) reserve
endif

define programs
$(BUILD)/$(1)_fuzzer: $(call obj,fuzz/targets/$(1)/fuzzer fuzz/run/input fuzz/trace/without) $(run-$(1)) $(mutator-$(1))
$(BUILD)/$(1)_replay: $(call obj,fuzz/programs/replay fuzz/trace/file fuzz/trace/without) $(run-$(1))
$(BUILD)/$(1)_trace: $(call obj,fuzz/programs/trace fuzz/trace/file fuzz/trace/without) $(call objects-of,fuzz/minimize) $(run-$(1))
PROGRAMS += $(addprefix $(BUILD)/$(1)_,fuzzer replay trace)
endef
$(foreach target,$(TARGETS),$(eval $(call programs,$(target))))

# Every tests/FOLDER/*_test.c is a program of cmocka tests, linked with all of the region target; those
# of the map's callers with all of the reserve target.
TESTS   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/*_test.c tests/targets/*/*_test.c))
CALLERS := $(filter $(BUILD)/tests/targets/reserve/%,$(TESTS))
$(filter-out $(CALLERS),$(TESTS)): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(MINIMIZE) $(run-region)
$(CALLERS): $(BUILD)/tests/%: $(BUILD)/tests/%.o $(run-reserve)
$(TESTS): LIBS := -lcmocka
$(filter $(BUILD)/tests/mutate/%,$(TESTS)): $(MUTATE)
$(BUILD)/tests/mutate/mutate_test: $(ENGINE_ADAPTERS)
PROGRAMS += $(TESTS)

# The booted kernel: the executor in the machine, and what works on batches of traces outside of it.
boot-obj = $(call obj,$(addprefix fuzz/boot/,$(1)))
BOOT_FORM := $(FORM_OBJ) $(call obj,fuzz/trace/family_reserve)
BOOT_FILE := $(BOOT_FORM) $(call obj,fuzz/trace/file fuzz/trace/without)
$(BUILD)/fuzz/boot/books.o: fuzz/boot/books.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) $(NAMES))
$(BUILD)/boot_guest: $(call boot-obj,guest guest_books guest_ops guest_task books_line) $(BOOT_FORM)
$(BUILD)/boot_guest: LIBS := -static -s
$(BUILD)/boot_batch: $(call boot-obj,batch sayable) $(BOOT_FILE)
$(BUILD)/boot_books: $(call boot-obj,books books_line) $(call obj,fuzz/trace/file fuzz/trace/without \
	fuzz/targets/reserve/world fuzz/targets/region/model fuzz/trace/family_reserve) $(FORM_OBJ) \
	$(RUN_OBJ) $(RESERVE_OBJ)
$(BUILD)/boot_compare: $(call boot-obj,compare judge known log books_line) \
	$(call obj,fuzz/targets/reserve/model) $(BOOT_FILE)
$(BUILD)/boot_generate: $(call boot-obj,generate sayable) $(MUTATE) $(BOOT_FILE)
BOOT := boot_guest boot_batch boot_books boot_compare boot_generate
PROGRAMS += $(BOOT:%=$(BUILD)/%)

PROGRAMS += $(addprefix $(BUILD)/,dictionary bench_empty explore)
$(PROGRAMS):
	$(if $(Q),@echo '  LD $@')
	$(Q)$(LINKER) $(LINK_FLAGS) $^ $(LIBS) -o $@

# The mutator for afl-fuzz, which loads it: no sanitizer, no coverage.  One for each family of ops.
$(BUILD)/mutate_afl-%.so: fuzz/trace/family_%.c fuzz/mutate/afl.c $(MUTATE:$(BUILD)/%.o=%.c) \
		fuzz/trace/trace.c fuzz/trace/op.c \
		$(wildcard fuzz/mutate/*.h fuzz/trace/*.h fuzz/trace/*.def) $(BUILD)/flags
	$(if $(Q),@echo '  LD $@')
	$(Q)$(CC) $(BASE_FLAGS) $(NO_TRACE) -shared -fPIC $(filter %.c,$^) -o $@

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

$(BUILD)/explore: $(call obj,fuzz/programs/explore) $(run-region)
$(BUILD)/bench_empty: $(call obj,fuzz/programs/bench_empty)
$(BUILD)/dictionary: $(call obj,fuzz/programs/dictionary) $(TRACE_OBJ)

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

