// SPDX-License-Identifier: GPL-2.0-only
/* For a program that runs the calls on one map. */
#include "trace.h"

const enum family program_family = FAMILY_REGION;
const bool program_runs_all = false;
