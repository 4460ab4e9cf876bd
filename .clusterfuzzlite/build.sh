#!/bin/bash -eu
# SPDX-License-Identifier: GPL-2.0-only
#
# The same build as OSS-Fuzz's.
exec bash -eux fuzz/oss-fuzz/build.sh
