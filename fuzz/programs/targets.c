// SPDX-License-Identifier: GPL-2.0-only
/*
 * The targets that a program serves: the build gives their names as TARGET(name) TARGET(name) ...
 */
#include "fuzz/trace/target.h"

#define TARGET(name) extern const struct target name##_target;
TARGETS
#undef TARGET

#define TARGET(name) &name##_target,
const struct target *const targets[] = { TARGETS NULL };
