// SPDX-License-Identifier: GPL-2.0-only
/* For a program that runs the calls of those who keep a map for each file. */
#include "trace.h"

const enum family program_family = FAMILY_RESERVE;
const bool program_runs_all = false;
