# SPDX-License-Identifier: GPL-2.0-only
#
# The world that the reserve target runs on: of src/, or of a kernel's text.  All of a kernel's hugetlb
# if its text can be taken; else the callers of the map, and files and faults of ours.

# Makes of their own run the texts of a repository's revisions.
ifneq ($(and $(KERNEL),$(CC),$(filter reserve,$(TARGET)),$(filter 1,$(CGROUP)),$(if $(filter bisect matrix,$(GOALS)),,1)),)
TEXT := $(shell CC='$(if $(filter afl-%,$(CC)),clang,$(CC))' fuzz/targets/reserve/text/import.sh \
	$(call in-quotes,$(KERNEL)) $(IMPORT)/text)
endif
WORLD := $(if $(TEXT),text,$(MAP))
ifneq ($(and $(BASE_AT),$(CC),$(filter reserve,$(TARGET)),$(filter 1,$(CGROUP))),)
BASE_TEXT := $(shell CC='$(if $(filter afl-%,$(CC)),clang,$(CC))' fuzz/targets/reserve/text/import.sh \
	$(BASE_QUOTED) $(BASE_IMPORT)/text)
endif
BASE_WORLD := $(if $(BASE_TEXT),text,$(MAP))

# What make coverage is of.
covered-reserve = $(if $(TEXT),$(TEXT)/functions.c,$(if $(KERNEL),$(IMPORT)/reserve/reserve.c,src/callers/reserve.c \
	src/callers/subpool.c src/hugetlbfs/hugetlbfs.c src/hugetlbfs/fault.c))
# What the summary of a run says, where it is not all of a kernel's hugetlb that was run.
ifneq ($(and $(KERNEL),$(filter reserve,$(TARGET)),$(if $(TEXT),,1)),)
export RESVMAP_PART := only the callers of the map, files and faults were ours
endif

what-reserve = $(if $(TEXT),-text,-callers)

port-world := fuzz/targets/reserve/port/world fuzz/targets/reserve/port/look fuzz/targets/reserve/port/look_pages \
	src/hugetlbfs/hugetlbfs src/hugetlbfs/fault src/vm/world src/vm/pool
src-world  := $(port-world) src/callers/reserve src/callers/subpool src/callers/callers
world-port       := $(src-world) fuzz/targets/reserve/port/port src/map/resv_map src/map/resv_map_common
world-coalescing := $(src-world) fuzz/targets/reserve/port/coalescing src/map/resv_map_coalescing \
	src/map/resv_map_common
world-kernel     := $(port-world) fuzz/targets/reserve/port/kernel fuzz/import/kernel_reserve
world-text       := $(patsubst %.c,%,$(wildcard fuzz/targets/reserve/text/*.c)) src/vm/world

needs-reserve = $(call obj,world_$(WORLD))
# What is built for one kernel, see OWN in fuzz/build.mk.
own-reserve := $(addprefix fuzz/targets/reserve/,under_test port/kernel text/%) src/vm/% world_kernel world_text
# Unit tests call a world's parts by name, so they link them as they are.
tests-reserve = $(call obj,$(world-$(WORLD))) $(filter-out $(needs-reserve),$(call links,$(ALL_TARGETS)))

# What `make mutants` changes, see fuzz/build.mk.
mutants-of-reserve = $(if $(TEXT),fuzz/targets/reserve/text/text.c,$(if $(KERNEL),fuzz/import/kernel_reserve.c,$(addsuffix \
	.c,$(filter src/callers/%,$(src-world)))))
mutants-in-reserve = ^$(if $(TEXT),$(TEXT)/functions[.]c,$(if $(KERNEL),$(IMPORT)/reserve/reserve[.]c,src/callers/))
# The map of a kernel has a score of its own, by the region target.
mutants-but-reserve = $(if $(TEXT),$(IMPORT)/manifest)
mutants-import-reserve = $(if $(TEXT),$(TEXT),$(IMPORT)/reserve)

# Calls are on stacks of their own, which ASan's second stack for frames that were left knows nothing of.
on-one-stack := $(if $(findstring address,$(SAN)),-fsanitize-address-use-after-return=never)

# While fuzzing the harness is not instrumented, nor is what it looks with in the text's own file.
looks-plain := $(if $(filter libfuzzer afl cmplog,$(ENGINE)),$(if $(filter memory,$(SAN)),,-DTEXT_LOOKS_PLAIN=1))

define rules-reserve
$(foreach world,port coalescing kernel text,
$(call obj,world_$(world)): $(call obj,$(world-$(world))) | $(STOPS)
	$$(call export-one,world_$(world))
)
$(BUILD)/fuzz/targets/reserve/under_test.o: fuzz/targets/reserve/under_test.c $(BUILD)/flags
	$$(call compile,$$(FUZZ_FLAGS) -DWORLD_UNDER_TEST=world_$(WORLD) \
		$(if $(BASE_AT),-DWORLD_BASE=world_base))
# A kernel's text is built like any map under test; whoever looks at its structs sees the import.
$(BUILD)/fuzz/import/kernel_reserve.o: fuzz/import/kernel_reserve.c $(IMPORT)/reserve/reserve.c $(BUILD)/flags
	$$(call compile,$$(MAP_FLAGS) $$(KERNEL_FLAGS) -I$(IMPORT)/reserve)
$(BUILD)/fuzz/targets/reserve/port/kernel.o: fuzz/targets/reserve/port/kernel.c $(IMPORT)/reserve/reserve.c \
		$(BUILD)/flags
	$$(call compile,$$(FUZZ_FLAGS) -I$(IMPORT)/reserve)
$(BUILD)/fuzz/targets/reserve/text/text.o: fuzz/targets/reserve/text/text.c $(BUILD)/flags
	$$(call compile,$$(MAP_FLAGS) $$(KERNEL_FLAGS) $(on-one-stack) $(looks-plain) -I$(TEXT))
$(BUILD)/fuzz/targets/reserve/text/%.o: fuzz/targets/reserve/text/%.c $(BUILD)/flags
	$$(call compile,$$(FUZZ_FLAGS) $$(KERNEL_FLAGS) -I$(TEXT))
# All of a tree's text says what is different below it.
$(BUILD)/src/vm/%.o: src/vm/%.c $(BUILD)/flags
	$$(call compile,$$(MAP_FLAGS) $$(KERNEL_FLAGS) $(if $(TEXT),-include $(TEXT)/facts.h))
endef
