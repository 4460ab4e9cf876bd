// SPDX-License-Identifier: GPL-2.0-only
#include "fault.h"

#include "op.h"

bool fault_refuses(struct fault *fault)
{
	bool refused = plan_refuses(fault->plan, fault->asked++);

	fault->refused += refused;
	return refused;
}
