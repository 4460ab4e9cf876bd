// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's side of the shim, as far as it is the same for every run.
 */
#include "refuse.h"

#include "fuzz/trace/op.h"
#include "blocks.h"
#include "report.h"
#include "src/shim/hooks.h"

struct sweep refuse_sweep;

static bool sweep_refuses(void)
{
	unsigned n = ++refuse_sweep.asked;
	bool refused = n == refuse_sweep.first ||
	               (n > refuse_sweep.first && refuse_sweep.and_later);

	refuse_sweep.refused += refused;
	return refused;
}

bool request_is_refused(struct refusals *refusals)
{
	bool refused = plan_refuses(refusals->plan, refusals->asked++) ||
	               (refuse_sweep.first && sweep_refuses());

	refusals->refused += refused;
	return refused;
}

static void free_block(void *block)
{
	CHECK(MEMORY_CLEAN, block_free(block), "%s",
	      block_live(block) ? "frees the inside of a block" : "double or foreign free");
}

static void breach(enum shim_breach kind, const char *what, const char *file, int line)
{
	static const enum rule rule[] = {
		[SHIM_ASSERT] = RULE_KERNEL_ASSERT,
		[SHIM_LOCK] = RULE_LOCK_DISCIPLINE,
		[SHIM_SLEEP] = RULE_LOCK_DISCIPLINE,
		[SHIM_ENDLESS] = RULE_CALL_ENDS,
	};

	report_fail(rule[kind], "%s at %s:%d", what, file, line);
}

void refuse_drive_shim(void *(*alloc)(size_t size))
{
	blocks_reset();
	shim_locks_held = shim_unlocked = 0;
	shim_steps = 0;
	refuse_sweep.asked = refuse_sweep.refused = 0;
	shim_hooks = (struct shim_hooks){ .alloc = alloc, .free = free_block, .breach = breach };
}
