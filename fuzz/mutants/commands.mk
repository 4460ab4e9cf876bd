# SPDX-License-Identifier: GPL-2.0-only
#
# A score for the rules.  Included by the Makefile.

# What is mutated: fuzz/build.mk, and a target's own build.mk.
run-mutants:
	$(call in-engine,replay,trace)
	$(assemble-seeds)
	$(PLUS)@$(BEGIN) MUTANT_SOURCES='$(MUTANT_SOURCES)' MUTANT_OF='$(MUTANT_OF)' \
		MUTANT_BUT="$(if $(mutants-but-$(TARGET)),$$(awk '$$1 == "function" { print $$2 }' \
			$(mutants-but-$(TARGET)) | paste -s -d '|'))" \
		MUTANT_FLAGS='$(MUTANT_FLAGS)' RULES_ONLY='$(if $(filter 0,$(EXPECT)),--rules-only)' \
		CORPUS=corpus/$(or $(corpus-$(TARGET)),$(TARGET)) SEEDS=$(SEEDS) MAKE='$(MAKE_COMMAND)' CC='$(CC)' \
		fuzz/engines/alone.sh build/mutants/$(TARGET)-$(WHAT) \
		fuzz/mutants/mutants.sh build/mutants/$(TARGET)-$(WHAT)/work $(END)
mutants:                ## a score for the rules: how many of the text's mutants they tell
