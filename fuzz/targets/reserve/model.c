// SPDX-License-Identifier: GPL-2.0-only
/*
 * One word for a set of pages; every answer is a few bit operations.
 */
#include "model.h"

/* Most sets are empty, and not every processor is asked to count bits by itself. */
static unsigned count(uint64_t set)
{
	return set ? __builtin_popcountll(set) : 0;
}

static uint64_t bit(unsigned page)
{
	return 1ULL << page;
}

static void put_in(struct pages *pages, uint64_t set)
{
	pages->in |= set;
	pages->open &= ~set;
}

static void take_out(struct pages *pages, uint64_t set)
{
	pages->in &= ~set;
	pages->open &= ~set;
}

void model_unwatch(struct reserve_model *model, unsigned slot, uint64_t set)
{
	model->mapping[slot].guarded.open |= set;
	model->mapping[slot].ruined.open |= set;
}

void model_end_watch(struct reserve_model *model, unsigned slot, uint64_t set)
{
	take_out(&model->mapping[slot].guarded, set);
	take_out(&model->mapping[slot].ruined, set);
}

void model_unwatch_file(struct reserve_model *model, unsigned file, uint64_t set)
{
	for (unsigned i = 0; i < MODEL_MAPPINGS; i++)
		if (model->mapping[i].file == file)
			model_unwatch(model, i, set);
}

void model_drop(struct reserve_model *model, unsigned file, uint64_t set)
{
	model->file[file].drops++;
	model->file[file].dropped |= set;
	model_unwatch_file(model, file, set);
	for (int i = 0; i < MODEL_MAPPINGS; i++)
		if (model->mapping[i].file == file)
			model->mapping[i].promised &= ~set;
}

void model_forget(struct reserve_model *model, unsigned file, unsigned slot, unsigned page)
{
	for (unsigned i = 0; i < MODEL_MAPPINGS; i++)
		if (model->mapping[i].file == file && (slot == MODEL_MAPPINGS || slot == i))
			model->mapping[i].seen_there &= ~bit(page);
}

void model_map(struct reserve_model *model, unsigned slot, struct model_mapping mapping,
               bool reserves)
{
	mapping.exists = true;
	model->mapping[slot] = mapping;
	model->mappings |= bit(slot);
	if (reserves && mapping.shared)
		put_in(&model->file[mapping.file].reserved, page_set(mapping.from, mapping.to));
}

void model_lengthen(struct reserve_model *model, unsigned file, unsigned pages)
{
	if (model->file[file].length < pages)
		model->file[file].length = pages;
}

void model_unmap(struct reserve_model *model, unsigned slot)
{
	model->mapping[slot] = (struct model_mapping){ 0 };
	model->mappings &= ~bit(slot);
}

/* What is ruined stays as it is. */
void model_guard(struct reserve_model *model, unsigned slot, unsigned page, bool alone)
{
	struct model_mapping *m = &model->mapping[slot];

	m->guarded.in |= bit(page);
	m->guarded.open |= (m->ruined.in | m->ruined.open) & bit(page);
	if (alone)
		m->guarded.open &= m->ruined.in | m->ruined.open | ~bit(page);
}

void model_ruin(struct reserve_model *model, unsigned slot, unsigned page)
{
	put_in(&model->mapping[slot].ruined, bit(page));
	take_out(&model->mapping[slot].guarded, bit(page));
}

void model_filled(struct reserve_model *model, unsigned slot, unsigned page, bool fills)
{
	struct model_mapping *m = &model->mapping[slot];

	take_out(&m->ruined, bit(page));
	if (fills && m->unsure)
		m->guarded.open |= bit(page);
	else if (fills && m->protects)
		put_in(&m->guarded, bit(page));
	else
		take_out(&m->guarded, bit(page));
}

void model_moved(struct reserve_model *model, unsigned slot)
{
	struct model_mapping *m = &model->mapping[slot];

	m->watched = m->protects = m->unsure = false;
	m->guarded = (struct pages){ 0 };
}

void model_split(struct reserve_model *model, unsigned slot, unsigned page, unsigned into)
{
	struct model_mapping *front = &model->mapping[slot], *behind = &model->mapping[into];

	front->split = true;
	*behind = *front;
	model->mappings |= bit(into);
	front->to = behind->from = page;
	front->used_up.in &= page_set(front->from, page);
	behind->used_up.in &= page_set(page, behind->to);
	front->promised &= page_set(front->from, page);
	behind->promised &= page_set(page, behind->to);
	front->seen_there &= page_set(front->from, page);
	behind->seen_there &= page_set(page, behind->to);
	model_end_watch(model, slot, ~page_set(front->from, page));
	model_end_watch(model, into, ~page_set(page, behind->to));
}

void model_allocate(struct reserve_model *model, unsigned file, uint64_t there, bool failed,
                    unsigned from, unsigned to)
{
	struct pages *reserved = &model->file[file].reserved;

	put_in(reserved, there & page_set(from, to));
	if (!failed)
		return;
	reserved->open |= page_set(from, to) & ~reserved->in;
	model->file[file].ahead |= page_set(from, to);
}

void model_fork(struct reserve_model *model, unsigned parent, unsigned child)
{
	model->mapping[child] = model->mapping[parent];
	model->mappings |= bit(child);
	model->mapping[child].owns = false;
	model->mapping[child].used_up = (struct pages){ 0 };
	model->mapping[child].seen_there = 0;
	model_moved(model, child);
	if (model->mapping[child].shared)
		model->mapping[child].ruined = (struct pages){ 0 };
}

void model_truncate(struct reserve_model *model, unsigned file, unsigned size)
{
	take_out(&model->file[file].reserved, page_set(size, MODEL_PAGES));
	model_drop(model, file, page_set(size, MODEL_PAGES));
}

void model_punch(struct reserve_model *model, unsigned file, uint64_t there, bool refused)
{
	struct pages *reserved = &model->file[file].reserved;

	if (refused)
		reserved->open |= there & reserved->in;
	else
		take_out(reserved, there);
}

void model_allocated(struct reserve_model *model, unsigned slot, unsigned page, bool for_file)
{
	struct model_mapping *mapping = &model->mapping[slot];

	if (for_file)
		put_in(&model->file[mapping->file].reserved, bit(page));
	else if (mapping->owns)
		put_in(&mapping->used_up, bit(page));
}

void model_fault_failed(struct reserve_model *model, unsigned slot, unsigned page, bool for_file,
                        bool refused)
{
	struct model_mapping *mapping = &model->mapping[slot];
	struct pages *reserved = &model->file[mapping->file].reserved;

	if (for_file)
		reserved->open |= bit(page) & ~reserved->in;
	else if (mapping->owns && (refused || mapping->used_up.in & bit(page)))
		mapping->used_up.open |= bit(page);
}

void model_private_unmapped(struct reserve_model *model, unsigned file, unsigned from, unsigned to)
{
	for (int i = 0; i < MODEL_MAPPINGS; i++) {
		struct model_mapping *m = &model->mapping[i];

		if (m->owns && m->file == file)
			m->used_up.open |= m->used_up.in & page_set(from, to);
	}
}

void model_page_unmapped(struct reserve_model *model, unsigned slot, unsigned page)
{
	struct model_mapping *m = &model->mapping[slot];

	if (m->owns)
		m->used_up.open |= m->used_up.in & bit(page);
}

void model_overlapped(struct reserve_model *model, unsigned file, unsigned from, unsigned to)
{
	model->file[file].reserved.open |= page_set(from, to);
	for (int i = 0; i < MODEL_MAPPINGS; i++) {
		struct model_mapping *m = &model->mapping[i];

		if (m->owns && m->file == file)
			m->used_up.open |= page_set(from, to) & page_set(m->from, m->to);
	}
}

bool model_has_reservation(const struct reserve_model *model, unsigned slot, unsigned page,
                           uint64_t there)
{
	const struct model_mapping *mapping = &model->mapping[slot];
	const struct pages *reserved = &model->file[mapping->file].reserved;

	if (mapping->owns)
		return !((mapping->used_up.in | mapping->used_up.open) & bit(page));
	return mapping->shared && (reserved->in & ~reserved->open & ~there & bit(page));
}

unsigned model_to_reserve(const struct reserve_model *model, unsigned file, unsigned from,
                          unsigned to, bool private)
{
	uint64_t range = page_set(from, to);

	return count(private ? range : range & ~model->file[file].reserved.in);
}

uint64_t model_settle(struct pages *pages, uint64_t map)
{
	uint64_t differ = (pages->in ^ map) & ~pages->open;

	pages->in = (pages->in & ~pages->open) | (map & pages->open);
	pages->open = 0;
	return differ;
}

unsigned model_promised(const struct reserve_model *model, const uint64_t there[MODEL_FILES])
{
	unsigned sum = 0;

	for (int i = 0; i < MODEL_FILES; i++)
		sum += count(model->file[i].reserved.in & ~there[i]);
	model_for_each(i, model->mappings)
	{
		const struct model_mapping *m = &model->mapping[i];

		if (m->owns)
			sum += count(page_set(m->from, m->to) & ~m->used_up.in);
	}
	return sum;
}

long model_unbacked(struct reserve_model *model, long failed, long unbacked)
{
	unbacked = unbacked > 0 ? unbacked : 0;
	if (failed > model->failed || model->lost > unbacked)
		model->lost = unbacked;
	if (model->lost > failed)
		model->lost = failed;
	model->failed = failed;
	return unbacked - model->lost;
}

unsigned model_used(const struct reserve_model *model, unsigned files)
{
	unsigned sum = 0;

	for (int i = 0; i < MODEL_FILES; i++)
		if (files >> i & 1)
			sum += count(model->file[i].reserved.in);
	model_for_each(i, model->mappings)
	{
		const struct model_mapping *m = &model->mapping[i];

		if (m->owns && files >> m->file & 1)
			sum += count(page_set(m->from, m->to) & ~m->used_up.in);
	}
	return sum;
}
