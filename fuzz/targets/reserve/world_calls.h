/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of a world, for the files that implement one: struct world says what each does.
 */
#ifndef RESERVE_WORLD_CALLS_H
#define RESERVE_WORLD_CALLS_H

#include "world.h"

void world_begin(struct world_state *state, unsigned pages, unsigned surplus);
bool world_mount(struct world_state *state, long max, long min);
void world_unmount(struct world_state *state);
bool world_make_file(struct world_state *state, const struct op *op);
bool world_has_file(const struct world_state *state, unsigned file);
bool world_can(unsigned kind);
bool world_may_run(const struct world_state *state, const struct op *op, struct under_way *call);
void world_under_way(struct world_state *state, const struct under_way *call);
int world_run(struct world_state *state, const struct op *op);
long world_set_max(struct world_state *state, long max);
bool world_lacks_pages(const struct world_state *state, long pages);
void world_look_pool(const struct world_state *state, struct pool_view *pool);
bool world_look_mount(const struct world_state *state, struct subpool_view *mount);
void world_look_cgroup(const struct world_state *state, unsigned i, struct cgroup_view *cgroup);
bool world_look_page(const struct world_state *state, unsigned *i, struct page_view *page);
void world_look_pages(const struct world_state *state, struct pages_view *pages);
bool world_look_file(const struct world_state *state, unsigned file, struct file_view *view);
const struct resv_map *world_file_map(const struct world_state *state, unsigned file);
uint64_t world_cached(const struct world_state *state, unsigned file);
unsigned world_file_cgroup(const struct world_state *state, unsigned file);
bool world_mapped(const struct world_state *state, unsigned slot);
bool world_shares(const struct world_state *state, unsigned slot);
unsigned world_mapping_cgroup(const struct world_state *state, unsigned slot);
unsigned world_mapping_file(const struct world_state *state, unsigned slot);
void world_locks(const struct world_state *state, const void *lock[2]);
const struct locked *world_look_locked(const struct world_state *state, const void *lock);
uint8_t world_lost_pages(const struct world_state *state);
const void *world_pointer_left(const struct world_state *state, unsigned slot);
bool world_lacks_lock(const struct world_state *state, unsigned slot);
unsigned world_file_pages(const struct world_state *state, unsigned file);
struct resv_map *world_owner_map(const struct world_state *state, unsigned slot);
const void *world_page_at(const struct world_state *state, unsigned slot, unsigned page, bool *own);
unsigned world_look_entry(const struct world_state *state, unsigned slot, unsigned page);
bool world_look_mapped(const struct world_state *state, unsigned slot, unsigned page,
                       struct entry_view *entry);
uint64_t world_look_mapping(const struct world_state *state, unsigned slot, unsigned from,
                            unsigned to, struct entry_view entry[]);
const void *world_file_page(const struct world_state *state, unsigned file, unsigned page,
                            unsigned *content);
bool world_page_failed(const struct world_state *state, unsigned file, unsigned page);
unsigned world_look_folios(const struct world_state *state, struct folio_view folio[WORLD_FOLIOS],
                           unsigned *idle);
unsigned world_look_processes(const struct world_state *state, const void *process[SLOTS],
                              long usage[SLOTS]);
void world_count_lists(const struct world_state *state, long *free, long *used);
void world_page_array(const struct world_state *state, struct page_array *array);

#define WORLD_CALLS \
	.begin = world_begin, .mount = world_mount, .unmount = world_unmount, \
	.make_file = world_make_file, .has_file = world_has_file, .can = world_can, \
	.may_run = world_may_run, .under_way = world_under_way, .run = world_run, \
	.set_max = world_set_max, .lacks_pages = world_lacks_pages, .look_pool = world_look_pool, \
	.look_mount = world_look_mount, .look_cgroup = world_look_cgroup, \
	.look_page = world_look_page, .file_map = world_file_map, .cached = world_cached, \
	.file_cgroup = world_file_cgroup, .mapped = world_mapped, .shares = world_shares, \
	.mapping_cgroup = world_mapping_cgroup, .mapping_file = world_mapping_file, \
	.locks = world_locks, .look_locked = world_look_locked, .lost_pages = world_lost_pages, \
	.pointer_left = world_pointer_left, .file_pages = world_file_pages, \
	.lacks_lock = world_lacks_lock, .look_pages = world_look_pages, \
	.look_file = world_look_file, .owner_map = world_owner_map, .page_at = world_page_at, \
	.look_entry = world_look_entry, .page_array = world_page_array, \
	.look_mapped = world_look_mapped, .look_mapping = world_look_mapping, \
	.file_page = world_file_page, .look_folios = world_look_folios, \
	.look_processes = world_look_processes, .count_lists = world_count_lists, \
	.page_failed = world_page_failed

#endif
