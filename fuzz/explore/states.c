// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hash table with open addressing over an array of states in the order of their finding.
 */
#include "states.h"

#include <stdlib.h>
#include <string.h>

/* An episode is seldom longer than this; the memory is bounded by its sum, not by each. */
enum { PLAIN_CHOICES = 8 };

static struct {
	struct state *state;
	size_t count, room;
	uint32_t *slot; /* number of a state + 1, or 0 */
	size_t slots;   /* a power of two */
	uint8_t *tape;
	size_t taped, tape_room;
} table;

static size_t power_below(size_t n)
{
	size_t power = 1;

	while (power <= n / 2)
		power *= 2;
	return power;
}

size_t states_open(size_t bytes)
{
	size_t each = sizeof(struct state) + PLAIN_CHOICES + 2 * sizeof(uint32_t);

	free(table.state);
	free(table.slot);
	free(table.tape);
	table.count = table.taped = 0;
	table.room = bytes / each < UINT32_MAX / 8 ? bytes / each : UINT32_MAX / 8;
	table.slots = power_below(table.room * 2);
	/* Slots are at most 3/4 full. */
	if (table.room > table.slots / 4 * 3)
		table.room = table.slots / 4 * 3;
	table.tape_room = table.room * PLAIN_CHOICES;
	/* Pages that are not written take no memory. */
	table.state = calloc(table.room, sizeof(table.state[0]));
	table.slot = calloc(table.slots, sizeof(table.slot[0]));
	table.tape = malloc(table.tape_room);
	return table.state && table.slot && table.tape ? table.room : 0;
}

size_t states_count(void)
{
	return table.count;
}

struct state *states_at(size_t i)
{
	return &table.state[i];
}

static size_t hash(uint64_t key)
{
	key *= 0x9e3779b97f4a7c15u;
	key ^= key >> 29;
	key *= 0xbf58476d1ce4e5b9u;
	return (key ^ key >> 32) & (table.slots - 1);
}

/* The slot of the state, or the empty one where it belongs; states with one key lie behind each other. */
static uint32_t *find(const struct state_key *key, bool *hides)
{
	size_t at = hash(key->state);

	*hides = false;
	for (; table.slot[at]; at = (at + 1) & (table.slots - 1)) {
		const struct state *state = &table.state[table.slot[at] - 1];

		if (state->key != key->state)
			continue;
		if (state->hidden == key->hidden)
			break;
		*hides = true;
	}
	return &table.slot[at];
}

static bool keep_tape(struct state *state, const struct tape *tape)
{
	if (table.taped + tape->at > table.tape_room)
		return false;
	state->tape = table.taped;
	state->choices = tape->at;
	memcpy(&table.tape[table.taped], tape->choice, tape->at);
	table.taped += tape->at;
	return true;
}

enum met states_meet(const struct state_key *key, uint32_t parent, unsigned cost,
                     const struct tape *tape, bool *hides)
{
	uint32_t *slot = find(key, hides);
	struct state *state = &table.state[*slot ? *slot - 1 : table.count];
	enum met met = *slot ? MET_CHEAPER : MET_NEW;

	if (*slot && state->cost <= cost)
		return MET_KNOWN;
	if (cost > STATES_MOST_COST || table.count == table.room || !keep_tape(state, tape))
		return MET_CUT;
	if (!*slot) {
		*slot = ++table.count;
		state->key = key->state;
		state->hidden = key->hidden;
	}
	state->parent = parent;
	state->cost = cost;
	return met;
}

void states_tape(size_t i, struct tape *tape)
{
	const struct state *state = &table.state[i];

	tape->at = 0;
	tape->length = state->choices;
	memcpy(tape->choice, &table.tape[state->tape], state->choices);
	/* How many choices there were is not kept. */
	memset(tape->choices, 0, sizeof(tape->choices));
}
