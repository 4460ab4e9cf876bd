// SPDX-License-Identifier: GPL-2.0-only
#include "tape.h"

void tape_rewind(struct tape *tape)
{
	tape->at = 0;
}

int tape_choose(struct tape *tape, unsigned choices)
{
	size_t at = tape->at;

	if (at == TAPE_CHOICES || !choices || choices > UINT8_MAX)
		return -1;
	if (at == tape->length) {
		tape->length++;
		tape->choice[at] = 0;
		tape->choices[at] = choices;
	} else if (tape->choices[at] && tape->choices[at] != choices) {
		return -1;
	}
	tape->at++;
	return tape->choice[at];
}

bool tape_next(struct tape *tape)
{
	/* What lies behind where the last run ended was never reached. */
	tape->length = tape->at;
	while (tape->length &&
	       tape->choice[tape->length - 1] + 1 == tape->choices[tape->length - 1])
		tape->length--;
	if (!tape->length)
		return false;
	tape->choice[tape->length - 1]++;
	return true;
}
