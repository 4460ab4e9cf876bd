# SPDX-License-Identifier: GPL-2.0-only
#
# Commands that take text out of kernel trees.  Included by the Makefile.

# $(call take-tree,is there one?,FOLDER): say what there is to say of a tree that tree.sh has made
take-tree = $(if $(1),fuzz/import/tree.sh say $(2) || { echo $$? >$(RUN)/status; exit 0; };)

# The base's text is built by a make of its own (fuzz/build.mk); both have to be of one kind.
same-kind = $(if $(and $(BASE_AT),$(filter reserve,$(TARGET)),$(filter-out $(BASE_WORLD),$(WORLD))),{ \
	echo "import: all of hugetlb can be taken of one of KERNEL and BASE only; what the other lacks is in" \
		"$(if $(TEXT),$(BASE_IMPORT),$(IMPORT))/text/missing" >&2; echo 125 >$(RUN)/status; exit 0; };)
import-base = $(if $(BASE_AT), && mkdir -p $(BASE_IMPORT) && \
	$(IMPORTER) cut $(BASE_QUOTED) $(BASE_IMPORT) $(filter reserve,$(TARGET)))

run-import:
	@mkdir -p $(RUN)
	@$(BEGIN) $(call take-tree,$(TREE),$(QUOTED)) $(call take-tree,$(BASE_TREE),$(BASE_QUOTED)) \
		$(same-kind) $(if $(TEXT),fuzz/targets/reserve/text/say.sh $(TEXT) $(filter import,$(MAKECMDGOALS)),$(if $(KERNEL),$(if $(filter \
		reserve,$(TARGET)),fuzz/targets/reserve/text/say.sh $(IMPORT)/text;) mkdir -p $(IMPORT) && \
		$(IMPORTER) $(if $(filter import,$(MAKECMDGOALS)),say,cut) $(QUOTED) $(IMPORT) \
			$(filter reserve,$(TARGET)); \
		status=$$?; case $$status in (0|125) ;; (*) status=2 ;; esac; (exit $$status)$(import-base),\
		echo "import: say which tree: make import KERNEL=folder" >&2; (exit 2))) $(END)
import:                 ## cut the map out of KERNEL=folder or tar, into build/import/

run-matrix:
	@mkdir -p $(RUN)
	@$(BEGIN) MAKE='$(MAKE_COMMAND)' RESVMAP_RUN=$(RUN) fuzz/import/matrix.sh $(GIVEN) $(END)
matrix:                 ## run the traces of TRACES=folder on the trees of KERNELS="dir1 dir2", as a table

run-bisect:
	@mkdir -p $(RUN)
	@$(BEGIN) MAKE='$(MAKE_COMMAND)' RESVMAP_RUN=$(RUN) fuzz/import/first_bad.sh $(GIVEN) $(END)
bisect:                 ## the commit of KERNEL=repository between GOOD= and BAD= from which on TRACE fails
