# SPDX-License-Identifier: GPL-2.0-only
#
# The commands of fuzz/record/, for the Makefile.

.PHONY: record
record:                 ## what fuzz/record/record.sh has printed on a running kernel, FROM=file, as a trace
	@[ -r "$$FROM" ] || { echo 'record: FROM= names no file that can be read; say what record.sh has printed' >&2; exit 2; }
	@awk -f fuzz/record/trace.awk "$$FROM"
