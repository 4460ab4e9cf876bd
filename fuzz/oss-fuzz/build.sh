#!/bin/bash -eu
# SPDX-License-Identifier: GPL-2.0-only
#
# What OSS-Fuzz and ClusterFuzzLite run, in the sources' folder.  Compiler, flags and engine are
# the environment's, and are the Makefile's business.
make -j"$(nproc)" build-fuzzers
for fuzzer in build/oss-fuzz/*_fuzzer; do
	name=$(basename "$fuzzer")
	target=${name%_fuzzer}
	# The assembler of seeds runs here and now: it is built for this machine, with no sanitizer.
	env -u LIB_FUZZING_ENGINE make SAN=none TARGET="$target" "build/seeds/$target.stamp"
	zip -q -r -j - "build/seeds/$target" >"$OUT/${name}_seed_corpus.zip"
	cp "$fuzzer" "$OUT/"
	cp "dictionaries/$target.dict" "$OUT/$name.dict"
	printf '[libfuzzer]\nmax_len = 1024\ndict = %s.dict\n' "$name" >"$OUT/$name.options"
done
