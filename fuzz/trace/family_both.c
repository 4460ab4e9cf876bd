// SPDX-License-Identifier: GPL-2.0-only
/* For a program that runs no map, only the text: bytes are the region's, texts of any family. */
#include "trace.h"

const enum family program_family = FAMILY_REGION;
const bool program_runs_all = true;
