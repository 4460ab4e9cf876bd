// SPDX-License-Identifier: GPL-2.0-only
/*
 * A board of 64 cells in a few words; every question is a few bit operations.
 */
#include "model.h"

enum { CELLS = 64 };

/* The cells of a range. */
static uint64_t cells(unsigned from, unsigned to)
{
	uint64_t below_to = to < CELLS ? (1ULL << to) - 1 : ~0ULL;

	return from < CELLS ? below_to & ~0ULL << from : 0;
}

/* Take the lowest run of ones out of @bits, which has one; say which cells it was. */
static void take_run(uint64_t *bits, unsigned *from, unsigned *to)
{
	uint64_t above;

	*from = __builtin_ctzll(*bits);
	above = ~(*bits >> *from);
	*to = above ? *from + __builtin_ctzll(above) : CELLS;
	*bits &= ~cells(*from, *to);
}

static long pages(const struct model *model, uint64_t bits)
{
	unsigned from, to;
	long sum = 0;

	while (bits) {
		take_run(&bits, &from, &to);
		sum += model->at[to] - model->at[from];
	}
	return sum;
}

void model_open(struct model *model, const long *at, bool merges)
{
	*model = (struct model){ .at = at, .merges = merges };
}

long model_covered(const struct model *model, unsigned from, unsigned to)
{
	return pages(model, cells(from, to) & model->covered);
}

long model_missing(const struct model *model, unsigned from, unsigned to)
{
	return pages(model, cells(from, to) & ~model->covered);
}

long model_holes(const struct model *model, unsigned from, unsigned to)
{
	uint64_t missing = cells(from, to) & ~model->covered;

	return __builtin_popcountll(missing & ~(missing << 1));
}

bool model_splits(const struct model *model, unsigned from, unsigned to)
{
	uint64_t wide;

	if (from >= to || from == 0 || to >= CELLS)
		return false;
	wide = cells(from - 1, to + 1);
	return (model->covered & wide) == wide && !(model->starts & cells(from, to + 1));
}

/* Cells whose left neighbour has the same cgroup. */
static uint64_t cgroup_goes_on(const struct model *model)
{
	const uint64_t *cgroup = model->cgroup;

	return ~(cgroup[0] ^ cgroup[0] << 1) & ~(cgroup[1] ^ cgroup[1] << 1);
}

void model_add(struct model *model, unsigned from, unsigned to, unsigned cgroup)
{
	uint64_t missing = cells(from, to) & ~model->covered;

	model->covered |= missing;
	model->starts |= missing & ~(missing << 1);
	for (int bit = 0; bit < 2; bit++)
		model->cgroup[bit] = (model->cgroup[bit] & ~missing) |
		                     (cgroup >> bit & 1 ? missing : 0);
	if (model->merges)
		model->starts &= ~(model->covered << 1 & cgroup_goes_on(model));
}

void model_del(struct model *model, unsigned from, unsigned to)
{
	uint64_t gone = cells(from, to), before = model->covered;

	model->covered &= ~gone;
	model->starts &= ~gone;
	/* What goes on behind the range begins there now. */
	if (to < CELLS && from < to)
		model->starts |= before & 1ULL << to;
}

bool model_region(const struct model *model, unsigned cell, unsigned *from, unsigned *to)
{
	uint64_t left = cells(cell, CELLS), stop;

	if (!(model->starts & left))
		return false;
	*from = __builtin_ctzll(model->starts & left);
	stop = (model->starts | ~model->covered) & cells(*from + 1, CELLS);
	*to = stop ? __builtin_ctzll(stop) : CELLS;
	return true;
}

unsigned model_cgroup(const struct model *model, unsigned cell)
{
	return (model->cgroup[0] >> cell & 1) | (model->cgroup[1] >> cell & 1) << 1;
}
