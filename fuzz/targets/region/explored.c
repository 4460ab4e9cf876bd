// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the states of one map are told apart, and which calls one of them allows.
 *
 * A state is the covered cells, where regions begin, whose they are, how many spare entries there are
 * beyond those owed to tickets, and the tickets that are open.  Slots are names only, so tickets are
 * sorted.  The number is exact: two states with one number have all of this in common.  What else the
 * map keeps is summed up: every word of its struct and of its regions that is no pointer to a block.
 */
#include "check.h"
#include "fuzz/map/ops.h"
#include "fuzz/run/blocks.h"
#include "fuzz/run/report.h"
#include "state.h"

#include <string.h>

extern const struct explored region_explored;

static struct scope scope;

/* Ticket codes run from 1 below this; 0 is no ticket. */
static uint64_t ticket_codes(void)
{
	unsigned most_needed = (scope.cells + 1) / 2 + 1;

	return (uint64_t)(scope.cells + 1) * (scope.cells + 1) * most_needed;
}

enum { MOST_SURPLUS = 255 };

/* Do all states have a number of 64 bits? */
static bool fits(void)
{
	uint64_t numbers = (uint64_t)(MOST_SURPLUS + 1) << (scope.owners ? 4 : 2) * scope.cells;
	bool too_many = scope.cells > 14;

	for (unsigned i = 0; i < scope.tickets; i++)
		too_many |= __builtin_mul_overflow(numbers, ticket_codes(), &numbers);
	return !too_many;
}

static const char *begin(const struct scope *wanted, struct op *head)
{
	scope = *wanted;
	if (!map_under_test->traits.has_cgroup)
		scope.owners = 0;
	if (!scope.cells || !scope.tickets || scope.tickets > SLOTS || scope.owners >= MAP_CGROUPS)
		return "a map has at least one cell and one ticket, at most 8 tickets and 3 owners";
	if (!fits())
		return "a state of so many cells and tickets does not fit into 64 bits";
	*head = (struct op){ .board = scope.board };
	return NULL;
}

static bool is_legal(const struct op *op)
{
	return op->from < op->to || map_under_test->traits.empty_ranges;
}

/* Add an op for each range of the board; with @to_end also to LONG_MAX. */
static struct op *put_ranges(struct op *op, struct op kind, bool to_end)
{
	for (kind.from = 0; kind.from <= scope.cells; kind.from++) {
		for (kind.to = kind.from; kind.to <= scope.cells; kind.to++)
			if (is_legal(&kind))
				*op++ = kind;
		kind.to = CELL_END;
		if (to_end && kind.from < scope.cells)
			*op++ = kind;
	}
	return op;
}

static size_t looks(struct op *op)
{
	struct op *end = put_ranges(op, (struct op){ .kind = OP_count }, true);

	if (map_under_test->traits.bad_ranges)
		for (unsigned from = 0; from < scope.cells; from++)
			for (unsigned to = from + 1; to <= scope.cells; to++)
				*end++ = (struct op){ .kind = OP_bad, .from = from, .to = to };
	return end - op;
}

static uint64_t ticket_code(const struct ticket *ticket)
{
	uint64_t code = ticket->from * (scope.cells + 1) + ticket->to;

	/* needed-matches-holes has been judged: it is at most the range's holes. */
	return 1 + code * ((scope.cells + 1) / 2 + 1) + ticket->needed - 1;
}

/* Is there a ticket like this one in a slot in front of it? */
static bool is_another(const struct ticket *ticket)
{
	const struct ticket *first = region_state()->ticket;

	for (const struct ticket *other = first; other < ticket; other++)
		if (other->state == OPEN && ticket_code(other) == ticket_code(ticket))
			return true;
	return false;
}

static struct op *put_closing(struct op *op, unsigned slot)
{
	unsigned first = scope.owners > 0, last = scope.owners;

	for (unsigned cgroup = first; cgroup <= last; cgroup++)
		*op++ = (struct op){ .kind = OP_add, .slot = slot, .cgroup = cgroup };
	*op++ = (struct op){ .kind = OP_abort, .slot = slot };
	return op;
}

static size_t ops(struct op *op)
{
	const struct ticket *ticket = region_state()->ticket;
	unsigned taken = 0, slot = SLOTS;
	struct op *end = op;

	for (unsigned i = SLOTS; i--;)
		if (ticket[i].state == CLOSED)
			slot = i;
		else
			taken++;
	if (taken < scope.tickets)
		end = put_ranges(end, (struct op){ .kind = OP_chg, .slot = slot }, false);
	for (unsigned i = 0; i < SLOTS; i++)
		if (ticket[i].state == OPEN && !is_another(&ticket[i]))
			end = put_closing(end, i);
	end = put_ranges(end, (struct op){ .kind = OP_del }, true);
	return end - op;
}

/* The open tickets as one number, the same for the same tickets in other slots. */
static uint64_t tickets_number(void)
{
	const struct ticket *ticket = region_state()->ticket;
	uint64_t code[SLOTS], number = 0;
	unsigned open = 0, at;

	for (unsigned i = 0; i < SLOTS; i++) {
		if (ticket[i].state != OPEN)
			continue;
		for (at = open++; at && code[at - 1] < ticket_code(&ticket[i]); at--)
			code[at] = code[at - 1];
		code[at] = ticket_code(&ticket[i]);
	}
	for (unsigned i = 0; i < open; i++)
		number = number * ticket_codes() + code[i];
	return number;
}

static uint32_t mix(uint32_t sum, uint64_t word)
{
	word = (word ^ sum) * 0x9e3779b97f4a7c15u;
	return word >> 32 ^ word;
}

/* MSan: what was never written counts too. */
#if defined(__clang__)
#define AS_IT_IS __attribute__((no_sanitize("memory")))
#else
#define AS_IT_IS
#endif

/* All words of the block at @at that do not point to blocks. */
static AS_IT_IS uint32_t mix_block(uint32_t sum, const void *at)
{
	size_t size = block_size(at);
	uintptr_t word;

	for (size_t i = 0; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, (const char *)at + i, sizeof(word));
		if (word - (uintptr_t)blocks_memory >= sizeof(blocks_memory))
			sum = mix(sum, word);
	}
	return sum;
}

static const void *next_in(const void *link)
{
	return *(void *const *)link;
}

static AS_IT_IS uint32_t hidden_sum(const struct calls *calls)
{
	const struct map_layout *layout = &calls->of->layout;
	const char *head = (const char *)calls->map + layout->regions, *link = next_in(head);
	uint32_t sum = mix_block(1, calls->map);

	for (; link != head; link = next_in(link))
		sum = mix_block(sum, link - layout->link);
	return sum;
}

static struct state_key key(void)
{
	const struct calls *calls = region_state();
	const struct model *model = &calls->model;
	const char *map = (const char *)calls->map;
	long spare = *(const long *)(map + calls->of->layout.cache_count);
	unsigned cells = scope.cells;
	struct state_key key = { .surplus = spare - calls->tickets };

	if (key.surplus > MOST_SURPLUS)
		key.surplus = MOST_SURPLUS;
	key.state = tickets_number();
	key.state = key.state * (MOST_SURPLUS + 1) + key.surplus;
	key.state = key.state << cells | model->covered;
	key.state = key.state << cells | model->starts;
	if (scope.owners)
		key.state = (key.state << cells | (model->cgroup[0] & model->covered)) << cells |
		            (model->cgroup[1] & model->covered);
	key.hidden = hidden_sum(calls);
	return key;
}

/* The map, its regions and its spare entries are all that lives. */
static void settled(void)
{
	const struct calls *calls = region_state();
	static struct map_view view;
	size_t known;

	map_look(&calls->of->layout, calls->map, &view);
	known = 1 + view.regions + view.spare;
	CHECK(MEMORY_CLEAN, blocks_count() == known,
	      "%zu blocks are live, the map with its regions and spare entries are %zu",
	      blocks_count(), known);
}

const struct explored region_explored = {
	.usual = { .cells = 4, .tickets = 3, .owners = 2 },
	.usual_calls = 2,
	.begin = begin,
	.looks = looks,
	.ops = ops,
	.key = key,
	.settled = settled,
	.own = region_own,
};
