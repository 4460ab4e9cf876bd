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
# The locks of the shim are real ones, see fuzz/threads/.
san-thread            := -fsanitize=thread -DSHIM_THREADS=1

BASE_FLAGS := -std=gnu11 -g -O2 -fno-omit-frame-pointer -Wall -Wextra -Wshadow -I.
SAN_FLAGS  := $(san-$(SAN))
LINK_FLAGS := $(SAN_FLAGS)
MAP_FLAGS  := $(BASE_FLAGS) -DSHIM_DEBUG_VM=$(DEBUG_VM) $(SAN_FLAGS) $(map-san-$(SAN))
# As the kernel is built: signed overflow is defined there, and the address of a member of NULL is no access.
KERNEL_FLAGS := -fno-strict-overflow -fno-sanitize=signed-integer-overflow -fno-strict-aliasing \
	-fno-delete-null-pointer-checks -fno-sanitize=null
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

ifeq ($(ENGINE),mutator)
MAP_FLAGS  += -fPIC
FUZZ_FLAGS += -fPIC
endif

# Every mutant of a text is compiled into one copy of it, and one is chosen when the program starts: see
# fuzz/mutants/.  MUTANTS is the folder where these copies are.
ifdef MUTANTS
MAP_FLAGS  += -ivfsoverlay $(MUTANTS)/overlay.yaml -include fuzz/mutants/mutant.h -w \
	-ftrivial-auto-var-init=pattern
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
# $(call renamed,NAMES): of two functions in the program that have one name only one is counted, so a kernel's that src/
# has too are called otherwise.
renamed = $(foreach name,$(1),-D$(name)=kernel_$(name))
endif

# A base is no part of what is to be explored.
ifeq ($(AS_BASE),1)
MAP_FLAGS := $(filter-out -fsanitize-coverage=%,$(MAP_FLAGS)) $(NO_TRACE)
endif

# --- what is linked ----------------------------------------------------------------------------------

# A target may say in a build.mk of its own what it needs besides its folder:
#	needs-NAME	objects
#	what-NAME	a suffix to the build's folder, where these are another kernel's
#	rules-NAME	how these are built
#	mutants-of-NAME, mutants-in-NAME, mutants-import-NAME	sources, files in them and an include folder: the
#		text that `make mutants` changes, if that is not the map's
#	corpus-NAME	other targets with the same ops, whose corpora are its too
-include $(wildcard fuzz/targets/*/build.mk)

# $(call build-of,ENGINE[,SAN]): where that engine's build of this map is
WHAT     := $(if $(KERNEL),$(notdir $(IMPORT))$(what-$(TARGET)),$(MAP))$(if \
	$(BASE_IMPORT),-on-$(notdir $(BASE_IMPORT)))$(if $(filter 1,$(AS_BASE)),-as-base)$(if $(filter 0,$(DEBUG_VM)),-nodebug)$(if \
	$(MUTANTS),-mutants-$(TARGET))
build-of  = build/$(1)-$(subst $(comma),+,$(or $(2),$(SAN)))-$(WHAT)-$(if \
	$(filter afl cmplog,$(1)),afl-clang-fast,$(CC_NAME))$(if $(filter 0,$(MUTATOR)),-nomutator)
BUILD    := $(if $(LIB_FUZZING_ENGINE),build/oss-fuzz,$(call build-of,$(ENGINE)))

# Most objects are the same whatever the map or the kernel is: they are built once, in $(SHARED).  Those
# in $(OWN) are not, and are in $(BUILD) beside the programs; own-NAME are those of a target.
SHARED := $(if $(or $(LIB_FUZZING_ENGINE),$(MUTANTS),$(filter command,$(origin BUILD))),$(BUILD),$(strip \
	)build/objects-$(ENGINE)-$(subst $(comma),+,$(SAN))$(if $(filter 0,$(DEBUG_VM)),-nodebug)$(if $(filter 1,$(AS_BASE)),-as-base)-$(CC_NAME))
OWN    := targets-% map_kernel fuzz/map/under_test fuzz/import/% $(foreach target,$(TARGETS),$(own-$(target)))

# Parts are folders; of fuzz/map those files that are no object of one map.
objects-of = $(call obj,$(patsubst %.c,%,$(wildcard $(addsuffix /*.c,$(1)))))
obj = $(patsubst %,$(SHARED)/%.o,$(filter-out $(OWN),$(1))) $(patsubst %,$(BUILD)/%.o,$(filter $(OWN),$(1)))

TRACE_OBJ    := $(call objects-of,fuzz/trace)
ENGINE_OBJ   := $(call obj,fuzz/mutate/afl fuzz/mutate/libfuzzer)
MUTATE_OBJ   := $(filter-out $(ENGINE_OBJ),$(call objects-of,fuzz/mutate))
RUN_OBJ      := $(filter-out %/input.o,$(call objects-of,fuzz/run)) $(MUTATE_OBJ) \
	$(call obj,fuzz/map/map fuzz/map/judge fuzz/map/ops fuzz/map/under_test src/shim/hooks)
RUN_OBJ      += $(if $(MUTANTS),$(call obj,fuzz/mutants/mutant))
MINIMIZE_OBJ := $(call objects-of,fuzz/minimize)
# How a run is explained is a member of each target, so whoever has a target has this.
RUN_OBJ      += $(call objects-of,fuzz/explain)

# A map is an object that exports one struct: linked by itself, all its other names made local.
map-port       := fuzz/map/port src/map/resv_map src/map/resv_map_common
map-coalescing := fuzz/map/coalescing src/map/resv_map_coalescing src/map/resv_map_common
map-kernel     := fuzz/import/kernel_map
MAP_BESIDE     := $(if $(filter port,$(MAP)),coalescing,port)
MAP_OBJ        := $(call obj,map_$(MAP) map_$(MAP_BESIDE))

# What a map or world under test keeps in static variables is its state too, to which fuzz/explore comes back.
STATICS := $(if $(filter replay,$(ENGINE)),-T fuzz/map/statics.ld)
# $(call export-one,SYMBOL): of $^ one object that exports that symbol only
export-one = $(call say-what,LD)$(newline)$(Q)$(call placed,ld -r $(LD_MACHINE) $(STATICS) --force-group-allocation \
	-o $(new) $^ && objcopy --keep-global-symbol=$(1) $(if $(filter $(BUILD)/%,$(and $(STOPS),$@)),--redefine-syms=$(STOPS)) $(new))
define newline


endef
# In a program that has a base, where a sanitizer would stop: fuzz/run/stop.h.
STOPS := $(if $(BASE_AT)$(filter 1,$(AS_BASE)),$(BUILD)/stops)
$(STOPS): fuzz/run/stops.def
	@mkdir -p $(@D)
	@$(call placed,sed -n 's/^STOP.\([a-z0-9_]*\).*/__\1 stop_\1/p' $< >$(new))
LD_MACHINE := $(if $(filter -m32,$(CFLAGS)),-m elf_i386)

# A kernel's folder has what its text allows.
# Of those with the same ops the one whose corpus it is comes first: a text is that one's.
IN_ORDER    := $(foreach target,$(TARGETS),$(if $(corpus-$(target)),,$(target))) \
	$(foreach target,$(TARGETS),$(if $(corpus-$(target)),$(target)))
ALL_TARGETS := $(if $(KERNEL),$(if $(filter reserve,$(TARGET)),reserve trace,$(filter-out reserve,$(IN_ORDER))),$(IN_ORDER))
# $(call links,TARGETS): what a program links that serves these
links = $(sort $(foreach target,$(1),$(call objects-of,fuzz/targets/$(target)) $(needs-$(target)))) \
	$(MAP_OBJ) $(BASE_OBJ) $(RUN_OBJ)

# WERROR=1 is for tests.  What was built with -Werror serves without it too, but not the other way.
FLAGS_NOW := $(CC) $(MAP_FLAGS) $(FUZZ_FLAGS) $(LINKER) $(LINK_FLAGS) $(LIBS)
# The targets are flags too: a program lists those it serves.
$(BUILD)/flags: FLAGS_NOW += $(ALL_TARGETS) $(if $(KERNEL),$(KERNEL_FLAGS))
$(BUILD)/flags: FLAGS_NOW += $(if $(MUTANTS),$(shell cat $(MUTANTS)/text/* | cksum))
# What a newer library deprecates is no fault of ours while the older one has nothing else.
WERROR_FLAG := $(if $(filter 1,$(WERROR)),-Werror -Wno-error=deprecated-declarations)
$(sort $(BUILD)/flags $(SHARED)/flags): FORCE
	@mkdir -p $(@D)
	@case "$$(cat $@ 2>/dev/null)" in \
	$(if $(WERROR_FLAG),,'$(FLAGS_NOW)' |) '$(FLAGS_NOW) -Werror') ;; \
	*) echo '$(FLAGS_NOW)$(if $(WERROR_FLAG), -Werror)' >$(new) && mv $(new) $@ ;; esac

# $(say-what): the object on its way, unless make is to be silent or shows the command itself
say-what = $(if $(Q),$(if $(findstring s,$(short-options)),,@echo '  $(1) $@'))

# Another make may build the same, so what is built is written under a name of its own, and is put in
# place whole.  $(call placed,command): of what that writes into $(new), or why it did not
new      = $@.$$$$.new
placed   = { $(1); } && mv -f $(new) $@ || { rm -f $(new) $(new).dep; exit 1; }

# fuzz/engines/build.sh hears what is built, once for each make, for the person who waits.
tell     = $(if $(RESVMAP_TELL),$(if $(TOLD),,$(eval TOLD := 1)@echo \
	'building $(notdir $(MAKECMDGOALS)) with $(CC_NAME) ($(ENGINE), $(SAN), $(WHAT))' >&$(RESVMAP_TELL)))

define compile
$(tell)
@mkdir -p $(@D)
$(call say-what,CC)
$(Q)$(call placed,$(CC) $(1) $(WERROR_FLAG) -MMD -MP -MT $@ -MF $(new).dep -c $< -o $(new) && mv -f $(new).dep $(@:.o=.d))
endef

$(SHARED)/src/%.o: src/%.c $(SHARED)/flags
	$(call compile,$(MAP_FLAGS))
# The pool's poisoning and the switch of stacks are the sanitizer's, but no part of what is to be explored.
$(SHARED)/fuzz/run/blocks.o $(SHARED)/fuzz/run/fiber.o: $(SHARED)/%.o: %.c $(SHARED)/flags
	$(call compile,$(BASE_FLAGS) $(SAN_FLAGS) $(NO_TRACE))
# What stands in for the sanitizers' own functions calls those as the text would.
$(SHARED)/fuzz/run/stop.o: fuzz/run/stop.c $(SHARED)/flags
	$(call compile,$(BASE_FLAGS) $(if $(filter memory,$(SAN)),$(SAN_FLAGS)) $(NO_TRACE))
# AFL++ takes a program only if something in it is instrumented.
$(SHARED)/fuzz/programs/bench_empty.o: fuzz/programs/bench_empty.c $(SHARED)/flags
	$(call compile,$(MAP_FLAGS))
$(BUILD)/fuzz/import/kernel_map.o: fuzz/import/kernel_map.c $(IMPORT)/map.c $(BUILD)/flags
	$(call compile,$(MAP_FLAGS) $(KERNEL_FLAGS) -I$(IMPORT) $(call renamed,resv_map_alloc resv_map_release))
$(BUILD)/fuzz/map/under_test.o: fuzz/map/under_test.c $(BUILD)/flags
	$(call compile,$(FUZZ_FLAGS) -DMAP_UNDER_TEST=map_$(MAP) -DMAP_BESIDE=map_$(MAP_BESIDE) \
		$(if $(BASE_OBJ),$(if $(filter map,$(BASE_OF)),-DMAP_BASE=map_base)))
$(foreach target,$(TARGETS),$(eval $(rules-$(target))))
$(SHARED)/fuzz/%.o: fuzz/%.c $(SHARED)/flags
	$(call compile,$(FUZZ_FLAGS))
$(SHARED)/tested/%.o: %.c $(SHARED)/flags
	$(call compile,$(MAP_FLAGS))
$(SHARED)/tests/%.o: tests/%.c $(SHARED)/flags
	$(call compile,$(FUZZ_FLAGS))

define rules-map
$(call obj,map_$(1)): $(call obj,$(map-$(1))) | $(STOPS)
	$$(call export-one,map_$(1))
endef
$(foreach map,port coalescing kernel,$(eval $(call rules-map,$(map))))

# The base is an object as the map or world under test is one, by another name, which a make of its own
# builds: one symbol of it is left.
BASE_OF  := $(if $(filter reserve,$(TARGET)),world,map)
BASE_OBJ := $(if $(BASE_AT),$(BUILD)/base.o)
ifneq ($(BASE_OBJ),)
$(BASE_OBJ): FORCE
	@mkdir -p $(@D)
	$(Q)RESVMAP_TELL= $(MAKE) -s --no-print-directory KERNEL=$(BASE_QUOTED) REV= PATCH= BASE=none MUTANTS= AS_BASE=1 TARGET=$(TARGET) \
		BASE_OUT=$(new) base-object && { cmp -s $(new) $@ && rm -f $(new) || mv -f $(new) $@; }
endif
.PHONY: base-object
base-object: $(call obj,$(BASE_OF)_$(if $(filter world,$(BASE_OF)),$(WORLD),$(MAP)))
	objcopy --redefine-sym $(basename $(notdir $<))=$(BASE_OF)_base $< $(BASE_OUT)

# The tree may have changed since the last import; a file that did not is left alone.
ifdef KERNEL
$(IMPORT)/map.c: FORCE
	@$(IMPORTER) cut $(QUOTED) $(IMPORT)
$(IMPORT)/reserve/reserve.c: FORCE
	@$(IMPORTER) cut $(QUOTED) $(IMPORT) reserve
endif

# The list of the targets that a program serves, its own first.
define list-of
$(BUILD)/targets-$(1).o: fuzz/programs/targets.c $(BUILD)/flags
	$$(call compile,$$(FUZZ_FLAGS) -D'TARGETS=$(foreach target,$(2),TARGET($(target)))')
endef
$(eval $(call list-of,all,$(ALL_TARGETS)))

# A fuzzer has one target; of one that is the text itself, whose ops the others' are, all others too.
fuzzer-targets = $(1) $(if $(filter trace,$(1)),$(filter-out trace,$(ALL_TARGETS)))
# The mutator of traces is linked where libFuzzer may be the engine; others pass over it.
mutator-for = $(if $(filter trace,$(1)),,$(if $(and $(filter 1,$(MUTATOR)),$(filter libfuzzer \
	oss-fuzz,$(ENGINE))),$(call obj,fuzz/mutate/libfuzzer)))
# The text parser is what the trace target tests, so there it is built like a map.
form-for = $(if $(filter trace,$(1)),$(TRACE_OBJ:$(SHARED)/%=$(SHARED)/tested/%),$(TRACE_OBJ))
define fuzzer
$(BUILD)/$(1)_fuzzer: $(call obj,fuzz/programs/fuzzer fuzz/run/input targets-$(1)) $(call form-for,$(1)) \
	$(call links,$(call fuzzer-targets,$(1))) $(call mutator-for,$(1))
$(call list-of,$(1),$(call fuzzer-targets,$(1)))
endef
$(foreach target,$(ALL_TARGETS),$(eval $(call fuzzer,$(target))))
FUZZERS := $(ALL_TARGETS:%=$(BUILD)/%_fuzzer)

ALL_OBJ := $(TRACE_OBJ) $(call links,$(ALL_TARGETS))
$(BUILD)/replay: $(call obj,fuzz/programs/replay fuzz/programs/judge targets-all) $(ALL_OBJ)
$(BUILD)/trace: $(call obj,fuzz/programs/trace fuzz/programs/kunit fuzz/programs/judge targets-all) $(MINIMIZE_OBJ) $(ALL_OBJ)
$(BUILD)/sweep: $(call obj,fuzz/programs/sweep fuzz/programs/judge targets-all) $(ALL_OBJ)
$(BUILD)/explore: $(call objects-of,fuzz/explore) $(call obj,targets-all) $(ALL_OBJ)
$(BUILD)/dictionary: $(call obj,fuzz/programs/dictionary targets-all) $(ALL_OBJ)
$(BUILD)/bench_empty: $(call obj,fuzz/programs/bench_empty)
# No other part of the harness is made for threads.
$(BUILD)/threads: $(call obj,fuzz/threads/threads fuzz/map/under_test src/shim/hooks) $(MAP_OBJ)
$(BUILD)/mutants_corpus: $(call obj,fuzz/mutants/corpus fuzz/programs/judge targets-all) $(ALL_OBJ)

# Every tests/FOLDER/*_test.c is a program of cmocka tests, linked with everything; what it calls of src/
# itself it links once more, as it is.
TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/*_test.c tests/targets/*/*_test.c))
src-of-tests := $(call obj,$(filter-out fuzz/%,$(map-$(MAP))))
$(filter-out $(BUILD)/tests/targets/reserve/%,$(TESTS)): $(BUILD)/tests/%: $(SHARED)/tests/%.o \
	$(call obj,targets-all fuzz/programs/judge fuzz/explore/tape fuzz/explore/states) $(MINIMIZE_OBJ) \
	$(ENGINE_OBJ) $(ALL_OBJ) $(src-of-tests)
$(filter $(BUILD)/tests/targets/reserve/%,$(TESTS)): $(BUILD)/tests/%: $(SHARED)/tests/%.o \
	$(call obj,targets-all) $(TRACE_OBJ) $(tests-reserve)
$(TESTS): LIBS := -lcmocka

# The booted kernel: the executor in the machine, what makes batches of traces, and what judges the reports.
boot-obj  = $(call obj,$(addprefix fuzz/boot/,$(1)))
BOOT_FORM := $(call boot-obj,batch/form) $(call obj,fuzz/targets/reserve/ops fuzz/targets/reserve/mutate) $(TRACE_OBJ) $(MUTATE_OBJ)
$(BUILD)/boot_guest: $(call objects-of,fuzz/boot/guest) $(call boot-obj,books_line) $(BOOT_FORM)
$(BUILD)/boot_guest: LIBS := -static -s
$(BUILD)/boot_batch: $(call boot-obj,batch/batch batch/sayable) $(BOOT_FORM)
$(BUILD)/boot_generate: $(call boot-obj,batch/generate batch/sayable batch/sense) $(BOOT_FORM)
$(BUILD)/boot_shrink: $(call boot-obj,batch/shrink) $(BOOT_FORM)
$(BUILD)/boot_compare: $(call objects-of,fuzz/boot/judge) $(call boot-obj,books_line) \
	$(call obj,fuzz/targets/reserve/model) $(BOOT_FORM)
$(BUILD)/boot_books: $(call boot-obj,books books_line) $(call obj,targets-all) $(ALL_OBJ)
BOOT := $(addprefix $(BUILD)/boot_,guest batch books compare generate shrink)

# What `make mutants` changes: the text of the map, unless the target has another text under test.  The
# regular expression says which files' functions, out of all that the sources include.
MUTANT_SOURCES := $(or $(mutants-of-$(TARGET)),$(if $(KERNEL),fuzz/import/kernel_map.c,$(addsuffix \
	.c,$(filter src/%,$(map-$(MAP))))))
MUTANT_OF      := $(or $(mutants-in-$(TARGET)),^$(if $(KERNEL),$(IMPORT)/map[.]c,src/map/))
MUTANT_FLAGS   := $(BASE_FLAGS) -DSHIM_DEBUG_VM=$(DEBUG_VM) $(if $(KERNEL),$(KERNEL_FLAGS) \
	-I$(or $(mutants-import-$(TARGET)),$(IMPORT)))

PROGRAMS := $(BOOT) $(FUZZERS) $(TESTS) $(addprefix $(BUILD)/,replay trace explore sweep dictionary bench_empty mutants_corpus threads)
$(PROGRAMS):
	@mkdir -p $(@D)
	$(call say-what,LD)
	$(Q)$(call placed,$(LINKER) $(LINK_FLAGS) $^ $(LIBS) -o $(new))

# The mutator for afl-fuzz, which loads it: a build of its own, with no sanitizer and no coverage.
$(BUILD)/%_mutator.so: $(call obj,fuzz/mutate/afl) $(BUILD)/targets-%.o $(ALL_OBJ)
	$(call say-what,LD)
	$(Q)$(call placed,$(CC) -shared -Wl$(comma)-Bsymbolic $^ -o $(new))

-include $(shell find $(sort $(BUILD) $(SHARED)) -name '*.d' 2>/dev/null)

# --- inputs: corpora are text, and are assembled here --------------------------------------------

# What seeds a target, as its engine takes them: bytes, or the text itself for the text parser.  Targets
# with the same ops share their corpora: a trace is a target's if it can be assembled for it.
SEED_TEXT := $(sort $(wildcard $(if $(filter trace,$(TARGET)),corpus/*/*.trace,$(foreach \
	target,$(sort $(TARGET) $(corpus-$(TARGET))),corpus/$(target)/*.trace))))
SEEDS     := build/seeds/$(TARGET)

build/seeds/%.stamp: $(SEED_TEXT) $(BUILD)/trace
	@$(if $(SEED_TEXT),,echo "corpus/$(TARGET): the folder has no .trace; put one into it" >&2; exit 2)
	@fuzz/engines/seeds.sh $(if $(filter trace,$(TARGET)),-,$(BUILD)/trace) $(SEEDS) $(SEED_TEXT)
	@touch $@

.PHONY: seeds
seeds: $(SEEDS).stamp   ## the corpus as engines take it, into build/seeds/

DICT := dictionaries/$(TARGET).dict

.PHONY: dictionaries
dictionaries: $(BUILD)/dictionary       ## make dictionaries/ anew from ops.def
	@for target in $(TARGETS); do \
		$< $$target >build/dict.$$$$ && mv build/dict.$$$$ dictionaries/$$target.dict || exit 2; \
	done

