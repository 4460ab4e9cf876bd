# SPDX-License-Identifier: GPL-2.0-only
#
# `make help` lists the commands and these variables, each a word out of a list:
#
#	TARGET     region, diff, reserve, trace: what is fuzzed or replayed
#	MAP        port, coalescing: the map under test
#	KERNEL     a kernel tree, or a tar of one: the map is its mm/hugetlb.c's
#	REV        a revision of KERNEL, a git repository then; nothing is checked out
#	PATCH      a mail, mailbox, diff or series: applied to a copy of what KERNEL's import reads
#	BASE       a tree, or a revision of KERNEL: what fails there too is known; PATCH's is KERNEL without it; or none
#	CGROUP     1, or 0: build KERNEL's map without cgroups
#	FILES      more files of KERNEL to look into
#	FACTS      "MERGES=1 ...": what is not to be measured of KERNEL's map
#	DEBUG_VM   1, or 0: compile the map's assertions out, as a distribution's kernel does
#	SAN        address,undefined, or memory, or none: the sanitizers
#	CC         a clang; default: the newest that has the runtimes, installed if there is none
#	FUZZ_TIME  seconds, 0: until interrupted
#	SEED       libFuzzer's; 0: another one each time, which the summary says
#	JOBS       processes
#	WITHOUT    words: what fuzzing leaves out, fuzz/trace/without.h
#	MUTATOR    1, or 0: libFuzzer's own mutations of bytes only
#	TRACE      a trace or a folder of them: what make replay runs
#	RULE       replay: a rule; another one's failure is 125, so that git bisect skips it
#	EXPECT     1, or 0: replay rules only; results that a trace's text expects are another map's
#	GOOD, BAD  revisions of KERNEL, for make bisect
#	TRACES     a folder of traces for make matrix, and KERNELS the trees, or REVS revisions of KERNEL
#	FORMAT     text, or html: make matrix writes a page
#	IMAGE      for make boot: a bzImage, a package of one, or a Debian version like 6.12
#	MODULE     1, or 0: for make boot: load the module that refuses, fails late, and opens windows
#	CAMPAIGN   the folder of make campaign; FROM one for make corpus-import; what make record reads
#	BUG        a name out of tests/bugs/, for make bugs
#	FUZZ       seconds for each bug
#	RUNS       make mutants: runs of the fuzzer for each mutant that the corpus does not tell; make bench-bugs: at most
#	ONLY       make mutants: only files and functions like that, file:function
#	SAMPLE     make mutants: only so many of them, drawn by the seed DRAW=1
#	TRIES      make bench-bugs: seeds for each bug and engine; WAYS the engines; KEEP=1 what is there already
#	THREADS    make threads: how many, and ROUNDS calls of each
#	CELLS      make explore: cells of the board; TICKETS open at once, OWNERS of regions
#	CALLS      make explore: calls under way at once; OPS begun before all of them have ended
#	ORDERS     any, or nested: make explore: which of the calls that wait goes on
#	BOARD      unit, wide, high: make explore: how cells lie on pages
#	SPARE      make explore: the most spare entries, if there is to be an end to them
#	POOL       make explore TARGET=reserve: pages of the pool; SURPLUS more, MAX and MIN of the mount
#	MEMORY     make explore: MiB for the table of states
#	V          1 shows commands
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
SEED      ?= 0
FUZZ      ?= 20
JOBS      ?= 1
MUTATOR   ?= 1
MODULE    ?= 0
V         ?= 0

# A target is a folder.
TARGETS := $(notdir $(patsubst %/,%,$(wildcard fuzz/targets/*/)))
# The callers of the map hand on what the map of the patch needs.
MAPS    := $(if $(KERNEL),kernel,port coalescing)
ENGINES := libfuzzer afl cmplog mutator replay coverage

comma := ,
SANS  := address,undefined memory none thread

# $(call quoted,WORD): as a shell reads it back, with quotes where it has to be; $(call in-quotes,WORD)
quote     := '
special   := $(quote) " \ * ? ( ) ; & < > |
in-quotes  = $(quote)$(subst $(quote),$(quote)\$(quote)$(quote),$(1))$(quote)
quoted     = $(if $(or $(word 2,$(1)),$(strip $(foreach char,$(special),$(findstring $(char),$(1))))),$(in-quotes),$(1))

$(if $(KERNEL),,$(if $(REV)$(PATCH),$(error REV= and PATCH= say what to take of KERNEL=: say which tree)))

# The ~ of KERNEL=~/linux, which only bash expands.
ifdef KERNEL
override KERNEL := $(shell fuzz/engines/paths.sh $(call in-quotes,$(KERNEL)))
MAP    := kernel
# With REV= or PATCH= the tree is a folder of ours, which is filled below.
KERNEL_AT := $(KERNEL)
GIVEN   := $(call in-quotes,$(KERNEL))
tree-of  = REV=$(call in-quotes,$(1)) PATCH=$(call in-quotes,$(2)) FILES='$(FILES)' fuzz/import/tree.sh
ifneq ($(REV)$(PATCH),)
TREE    := $(call tree-of,$(REV),$(PATCH))
override KERNEL := $(shell $(TREE) name $(GIVEN))
endif

# A kernel is imported for one target: the one that the trace names, if the user does not.
ifneq ($(and $(TRACE),$(filter file,$(origin TARGET))),)
TARGET := $(or $(shell fuzz/engines/target_of.sh $(call in-quotes,$(TRACE))),$(TARGET))
endif

# The base of a patch is what it is for, unless somebody says otherwise: a tree, or a revision of KERNEL.
HAS_BASE := $(filter region reserve,$(TARGET))
ifneq ($(origin BASE),undefined)
BASE_SAID := $(filter-out none,$(BASE))
$(if $(and $(BASE_SAID),$(if $(HAS_BASE),,1)),$(error BASE= is for TARGET=region and TARGET=reserve))
BASE_AT   := $(shell path=$$(fuzz/engines/paths.sh $(call in-quotes,$(BASE_SAID))); \
	[ ! -e "$$path" ] || printf %s "$$path")
BASE_REV  := $(if $(BASE_AT),,$(BASE_SAID))
else ifneq ($(and $(PATCH),$(HAS_BASE)),)
BASE_AT   := $(if $(REV),,$(KERNEL_AT))
BASE_REV  := $(REV)
endif
ifneq ($(BASE_REV),)
BASE_TREE := REV_WORD=BASE $(call tree-of,$(BASE_REV),)
BASE_AT   := $(shell $(BASE_TREE) name $(GIVEN))
endif

# The folder of a kernel's import, and the importer: a path may have spaces and apostrophes.
IMPORTER  = CC='$(CC)' CGROUP=$(CGROUP) FILES='$(FILES)' FACTS='$(FACTS)' fuzz/import/import.sh
QUOTED   := $(call in-quotes,$(KERNEL))
IMPORT   := build/import/$(shell $(IMPORTER) id $(QUOTED))
KERNEL_SAID := KERNEL=$(call quoted,$(KERNEL_AT))$(if \
	$(REV), REV=$(call quoted,$(REV)))$(if $(PATCH), PATCH=$(call quoted,$(PATCH)))$(if \
	$(BASE), BASE=$(call quoted,$(BASE)))
ifneq ($(BASE_AT),)
BASE_QUOTED := $(call in-quotes,$(BASE_AT))
BASE_IMPORT := build/import/$(shell $(IMPORTER) id $(BASE_QUOTED))
endif
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
$(if $(shell printf %s '$(JOBS)' | LC_ALL=C grep -x '[1-9][0-9]*'),,$(error JOBS=$(JOBS) is unknown; give a number))
$(call one-of,MUTATOR,0 1)
$(call one-of,MODULE,0 1)
# The words of fuzz/trace/without.c: names of ops, switches and what else it knows.
LEAVABLE := $(shell LC_ALL=C sed -n "s/^O[A-Z]*.'.', *\([a-z]*\),.*/\1/p" fuzz/map/ops.def fuzz/targets/*/ops.def) \
	$(shell LC_ALL=C sed -n '/opt_name.OPTS. = {/,/};/s/[",]//gp' fuzz/trace/op.c) memory windows limits surplus
WITHOUT_WORDS := $(subst $(comma), ,$(WITHOUT))
$(if $(filter-out $(LEAVABLE),$(WITHOUT_WORDS)),$(error WITHOUT=$(filter-out $(LEAVABLE),\
	$(WITHOUT_WORDS)) is unknown; choose of: $(LEAVABLE)))
$(if $(shell printf %s '$(FUZZ_TIME)' | LC_ALL=C tr -d 0-9),$(error FUZZ_TIME=$(FUZZ_TIME) is unknown; give seconds))
$(if $(shell printf %s '$(SEED)' | LC_ALL=C grep -x '[0-9][0-9]*'),,$(error SEED=$(SEED) is unknown; give a number))

# What recipes read is in one language, and [a-z] is ASCII's; $(shell) has to be told each time.
export LC_ALL := C

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
Q := $(if $(filter 1,$(V)),,@)

# What a command needs beside a clang.  setup.sh installs it, or names all of it at once.
needs-test         := cc cmocka
needs-check        := cc cmocka afl patch xz clang-format gnuplot zip unzip file objdump kernels booting
needs-fuzz-afl     := afl
needs-campaign     := afl
needs-bench-afl    := afl
needs-bugs         := patch
needs-bugs-replay  := patch
needs-bugs-explore := patch
needs-bugs-minimize := patch
needs-bugs-afl     := patch afl
needs-bench-mutator := patch
needs-bench-bugs   := patch afl gnuplot
needs-oss-fuzz     := afl zip unzip file objdump patch
GOALS := $(or $(MAKECMDGOALS),help)
NEEDS := $(sort $(foreach goal,$(GOALS),$(needs-$(goal))) \
	$(if $(filter %.xz,$(KERNEL) $(KERNELS)),xz) $(if $(filter afl cmplog,$(ENGINE)),afl))

# With -n, -p, -q or -t nothing is run, so nothing is installed either; that is also how a shell
# completes the names of targets.
short-options := $(firstword -$(MAKEFLAGS))
short-options := $(if $(findstring =,$(short-options))$(filter --%,$(short-options)),,$(short-options))
DRY := $(strip $(foreach option,n p q t,$(findstring $(option),$(short-options))))
# What runs make again gets its jobs, but is not run when make only shows what it would do.
PLUS := $(if $(DRY),,+)

# Only what builds needs a compiler: these work on a machine that has none, and write nothing.
ifneq ($(filter-out help rules clean campaign-status,$(GOALS)),)
ifneq ($(DRY),)
ifeq ($(origin CC),default)
CC := $(shell fuzz/engines/setup.sh find)
export CC
endif
else
$(if $(shell mkdir -p build 2>/dev/null && [ -w build ] && echo writable),,\
	$(error build/ cannot be written; make a copy of this checkout that can))
ifeq ($(origin CC),default)
CC := $(shell fuzz/engines/setup.sh cc $(NEEDS))
$(if $(CC),,$(error what is missing is named above))
export CC
else
$(if $(shell command -v '$(firstword $(CC))'),,$(error CC=$(CC) is not installed))
$(if $(NEEDS),$(if $(shell fuzz/engines/setup.sh need $(NEEDS) && echo there),,\
	$(error what is missing is named above)))
endif
endif
endif

# `ccache clang` is a compiler too; a folder has a name without blanks.
empty :=
CC_NAME = $(subst $(empty) $(empty),-,$(strip $(notdir $(CC))))

# AFL++ has a compiler of its own, made for one version of clang.
ifneq ($(filter afl cmplog,$(ENGINE)),)
override CC := afl-clang-fast
export AFL_QUIET := 1
endif

# What cannot be taken from KERNEL is told by `run-import`, with its exit status.
ifneq ($(and $(TREE),$(if $(DRY),,1),$(filter-out help clean campaign-status,$(GOALS))),)
$(if $(shell $(TREE) make $(GIVEN) $(KERNEL)),)
endif
ifneq ($(and $(BASE_TREE),$(if $(DRY),,1),$(filter-out help clean campaign-status,$(GOALS))),)
$(if $(shell $(BASE_TREE) make $(GIVEN) $(BASE_AT)),)
endif

include fuzz/build.mk

# --- what one does -------------------------------------------------------------------------------

# What the user typed to get here, for the commands that reports print.
SAID := $(if $(filter-out region,$(TARGET)), TARGET=$(TARGET))$(if $(filter-out port,$(MAP)), \
	$(if $(KERNEL),$(KERNEL_SAID)$(if $(filter 0,$(CGROUP)), CGROUP=0),MAP=$(MAP)))$(if \
	$(filter 0,$(DEBUG_VM)), DEBUG_VM=0)$(if $(filter-out address$(comma)undefined,$(SAN)), SAN=$(SAN))
export RESVMAP_REPLAY := $(SAID)
export RESVMAP_WITHOUT := $(WITHOUT_WORDS)
# What is under test, for the head of a report: fuzz/explain/about.sh reads it there.
export RESVMAP_IMPORT := $(IMPORT)
export RESVMAP_TEXT := $(TEXT)
export RESVMAP_MAP := $(MAP)

# A campaign is kept in CAMPAIGN; put it outside build/ if it is to survive `make clean`.
CAMPAIGN ?= build/campaign/$(TARGET)-$(WHAT)
# A value is what its script makes of it: a name with blanks, or names and patterns.
HANDED_ON := FUZZ_TIME SEED JOBS TARGET BUG FUZZ TRACE TRACES KERNELS REVS FORMAT GOOD BAD RULE FILES \
	CAMPAIGN FROM IMAGE MODULE RUNS ONLY SAMPLE DRAW
export $(HANDED_ON)

# A command X is two targets: run-X does it and leaves its exit status in $(RUN), which is this run's
# alone; X ends make with it.
COMMANDS := import replay bisect matrix \
	fuzz-libfuzzer fuzz-afl campaign corpus-import report \
	explore sweep mutants threads bugs bugs-afl bugs-explore bugs-replay bugs-minimize \
	boot fuzz-boot boot-image boot-kunit
ID       := $(shell echo "$$PPID.$$(readlink /proc/self/ns/pid | tr -dc 0-9).$$(date +%s%N)")
RUN       = build/runs/$(ID)/$(@:run-%=%)
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

# A kernel's map is imported first, so that a tree which has none ends with the status that says so.
run-fuzz-libfuzzer run-fuzz-afl run-campaign run-replay run-explore run-sweep run-mutants run-threads: $(if $(KERNEL),import)

# The commands of a folder stand beside its scripts.
COMMAND_FILES := $(patsubst %,fuzz/%/commands.mk,import engines explore mutants threads boot explain record)
include $(COMMAND_FILES)

# What is tested are commands as a user gives them, without what this make hands on to its scripts.
TESTS := env $(HANDED_ON:%=-u %)
.PHONY: test check
test:                   ## what `make check` tests with one compiler, ASan and UBSan, and no engine: for the edit loop
	@$(TESTS) CC='$(CC)' MAKE='$(MAKE_COMMAND)' tests/check.sh test
check:                  ## all tests; ends with `N passed, N failed`
	@$(TESTS) CC='$(CC)' MAKE='$(MAKE_COMMAND)' tests/check.sh

.PHONY: build-replay build-fuzzer build-trace build-mutants-corpus build-explore
# For scripts: build a program and say where it is; `make -s` says nothing else.
build-replay build-trace: build-%: $(BUILD)/%
	@echo $<
build-fuzzer: $(BUILD)/$(TARGET)_fuzzer
	@echo $<
build-mutants-corpus: $(BUILD)/mutants_corpus
	@echo $<
build-explore: $(BUILD)/explore
	@echo $<

run-bugs run-bugs-afl run-bugs-explore run-bugs-replay run-bugs-minimize:
	@mkdir -p $(RUN)
	$(PLUS)@$(BEGIN) CC='$(CC)' $(if $(filter %-afl,$@),FUZZ=$(if $(filter file,$(origin FUZZ)),60,$(FUZZ))) \
		tests/bugs.sh $(if $(filter run-bugs,$@),fuzz,$(@:run-bugs-%=%)) $(END)
bugs:                   ## plant each known bug, or BUG=name: its rule must be found in FUZZ=20 seconds
bugs-afl:               ## the same with AFL++, in FUZZ=60 seconds
bugs-explore:           ## of each bug in the map: how long the shortest trace is, and the board it takes
bugs-replay:            ## the same by its trace, without fuzzing
bugs-minimize:          ## of each bug: how long what is found is, and how long when minimized

.PHONY: all fuzz
all:                    ## build the fuzzers with libFuzzer, and the programs without an engine
	$(PLUS)$(Q)$(MAKE) --no-print-directory ENGINE=libfuzzer $(TARGETS:%=$(call build-of,libfuzzer)/%_fuzzer)
	$(PLUS)$(Q)$(MAKE) --no-print-directory ENGINE=replay \
		$(call build-of,replay)/replay $(call build-of,replay)/trace
	@echo 'built: $(call build-of,libfuzzer)/ and $(call build-of,replay)/; make help says what to do next'
fuzz:                   ## say with which engine: fuzz-libfuzzer or fuzz-afl
	@echo 'fuzz: say with which engine: make fuzz-libfuzzer, or make fuzz-afl' >&2; exit 2

.PHONY: FORCE help rules clean
FORCE:

rules:                  ## print the rules, each with what holds
	@sed -n 's/^RULE([A-Z_]*, "\([a-z-]*\)", "\(.*\)")$$/\1|\2/p' fuzz/run/rules.def | awk -F'|' '{ printf "%-32s %s\n", $$1, $$2 }'

help:                   ## print this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' $(COMMAND_FILES) Makefile fuzz/build.mk | \
		awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'
	@echo 'Variables:'
	@sed -n '/^$$/q; s/^#	\([A-Z_]*  *\)/  \1/p' Makefile

clean:                  ## remove build/
	rm -rf build
