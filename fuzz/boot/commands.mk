# SPDX-License-Identifier: GPL-2.0-only
#
# Commands that boot kernels.  Included by the Makefile.

# The programs of fuzz/boot are built without sanitizers; imported text's books are another make's.
# A recipe that says MAKE with its dollar sign would be run by make -n too.
.PHONY: boot-programs boot-books boot-trace
boot-programs: $(BOOT)
	@echo $(BUILD)
boot-books: $(BUILD)/boot_books
	@echo $<
boot-trace: $(BUILD)/trace
	@echo $<
run-boot:
	@mkdir -p $(RUN)
	@fuzz/engines/setup.sh need cc qemu-system-x86_64 cpio
	$(PLUS)@$(BEGIN) KERNEL=$(GIVEN) MAKE='$(MAKE_COMMAND)' fuzz/boot/run.sh boot build/boot/run $(END)
run-fuzz-boot:
	@mkdir -p $(RUN)
	@fuzz/engines/setup.sh need cc qemu-system-x86_64 cpio
	$(PLUS)@$(BEGIN) MAKE='$(MAKE_COMMAND)' fuzz/boot/run.sh fuzz build/boot/fuzz $(END)
run-boot-image:
	@mkdir -p $(RUN)
	@fuzz/engines/setup.sh need cc flex bison bc libelf libssl
	$(PLUS)@$(BEGIN) fuzz/boot/build_image.sh $(QUOTED) $(END)
run-boot-kunit:
	@mkdir -p $(RUN)
	@fuzz/engines/setup.sh need cc flex bison bc libelf libssl qemu-system-x86_64 cpio
	$(PLUS)@$(BEGIN) KERNEL=$(QUOTED) MAKE='$(MAKE_COMMAND)' fuzz/boot/run.sh kunit build/boot/kunit $(END)
boot-image:             ## build a bzImage for IMAGE= out of the whole kernel tree KERNEL=folder
boot-kunit:             ## run the traces of a map as KUnit tests in a kernel built from a copy of KERNEL=folder
fuzz-boot:              ## fuzz the booted kernel of IMAGE for FUZZ_TIME seconds, from the traces in BOOT_SEEDS
boot:                   ## run TRACE on the booted kernel of IMAGE=6.12 or a bzImage, and compare the books
