// SPDX-License-Identifier: GPL-2.0-only
#include "mutant.h"

#include "src/shim/hooks.h"

#include <stdio.h>
#include <stdlib.h>

int mutant_now;
unsigned char mutant_reached[MUTANT_MOST];

/* As many places are reached, in a loop that does end, for each step that is counted anyway. */
enum { PLACES_OF_A_STEP = 32 };

void mutant_step(void)
{
	static unsigned places;

	if (++places % PLACES_OF_A_STEP == 0)
		shim_step("a mutant", 0);
}

/* Engines run one mutant a process. */
__attribute__((constructor)) static void choose(void)
{
	const char *number = getenv("RESVMAP_MUTANT");

	mutant_now = number ? atoi(number) : 0;
}

int mutant_runs(void)
{
	static int told;
	const char *path = told++ ? NULL : getenv("RESVMAP_MUTANT_REACHED");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (file)
		fclose(file);
	return 1;
}
