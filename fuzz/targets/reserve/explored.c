// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the states of the callers are told apart, and which ops one of them allows.
 *
 * A state is what the model and the books know: the file, its map and page cache, each mapping with its
 * page table, pool, mount and cgroups.  Slots and pages have no names: of all orders of the mappings the
 * one with the least sum counts, and a page is the first, the second, ... that these mappings have.  What
 * the contract does not know of a page or an entry (world->look_entry) is hidden state.
 *
 * Memory of the world is whatever its code keeps in static variables; the build puts those into
 * sections of their own (STATICS in fuzz/build.mk).
 */
#include "calls.h"
#include "check.h"
#include "fuzz/run/blocks.h"
#include "fuzz/run/call.h"
#include "ops.h"

#include <string.h>

extern const struct explored reserve_explored;

/* More mappings have too many orders; more pages, too many ops. */
enum { MOST_MAPPINGS = 4, MOST_PAGES = 8, THE_FILE = 0 };

static struct scope scope;

static const char *begin(const struct scope *wanted, struct op *head)
{
	scope = *wanted;
	if (scope.cells > MOST_PAGES || scope.tickets > MOST_MAPPINGS)
		return "a file has at most 8 pages (CELLS) and 4 mappings (TICKETS)";
	if (scope.min && scope.min - 1 > scope.pool + scope.surplus)
		return "there are not so many pages as the mount is promised: say MIN= or POOL=";
	*head = (struct op){
		.pages = scope.pool, .surplus = scope.surplus, .max = scope.max, .min = scope.min
	};
	return NULL;
}

/*
 * Who may run inside whom, a world without locks of its own decides by nesting; one with locks would have
 * to be told which call it is that goes on.
 */
static enum orders orders(void)
{
	return world_under_test->traits.waits ? ONE_CALL : NESTED_ORDER;
}

static size_t looks(struct op *op)
{
	(void)op;
	return 0;
}

static bool is_mapped(unsigned slot)
{
	return reserve_model_now()->mapping[slot].exists;
}

static unsigned mappings(void)
{
	unsigned count = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++)
		count += is_mapped(slot);
	return count;
}

static unsigned free_slot(void)
{
	unsigned slot = 0;

	while (is_mapped(slot))
		slot++;
	return slot;
}

/* Where the ops go that may run now. */
static struct op *out, *out_end;

static void put(const struct op *op)
{
	if (out < out_end && reserve_may_run(op))
		*out++ = *op;
}

/* What can be said of the pages: a range, one of them, or a size. */
static void put_pages(struct op op)
{
	unsigned operands = reserve_op[op.kind].operands;
	unsigned most = 0;

	if (operands & (OP_PAGE | OP_RANGE | OP_SIZE))
		most = scope.cells;
	/* The size of the pool, not of a file. */
	if (operands & OP_SIZE && !(operands & OP_FILE))
		most = scope.pool;
	for (unsigned from = 0; from <= most; from++) {
		op.from = from;
		if (!(operands & OP_RANGE))
			put(&op);
		for (op.to = from + 1; operands & OP_RANGE && op.to <= scope.cells; op.to++)
			put(&op);
		op.to = 0;
	}
}

/* Every combination of its switches that are no refusals: those are asked for as the call goes. */
static void put_opts(struct op op)
{
	uint16_t all = info_opts(&reserve_op[op.kind]) & ~REFUSE_WORDS;

	for (op.opts = all;; op.opts = (op.opts - 1) & all) {
		put_pages(op);
		if (!op.opts)
			break;
	}
}

static void put_kind(unsigned kind)
{
	unsigned operands = reserve_op[kind].operands, slot = free_slot();
	bool opens = operands & OP_SLOT && operands & OP_FILE;
	struct op op = { .kind = kind, .into = operands & OP_INTO ? slot : 0 };
	unsigned owners = operands & OP_CGROUP && scope.owners ? scope.owners : 1;

	if ((opens || operands & OP_INTO) && mappings() == scope.tickets)
		return;
	for (unsigned owner = 1; owner <= owners; owner++) {
		op.cgroup = operands & OP_CGROUP && scope.owners ? owner : 0;
		op.slot = opens ? slot : 0;
		if (opens || !(operands & OP_SLOT))
			put_opts(op);
		for (op.slot = 0; operands & OP_SLOT && !opens && op.slot < SLOTS; op.slot++)
			if (is_mapped(op.slot))
				put_opts(op);
	}
}

static size_t ops(struct op *op)
{
	out = op;
	out_end = op + EXPLORED_OPS;
	for (unsigned kind = 1; kind < RESERVE_OPS; kind++)
		if (reserve_can(kind))
			put_kind(kind);
	return out - op;
}

/* Two sums: of what the contract knows, and of what it does not. */
struct sum {
	uint64_t known, hidden;
};

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
	return sum ^ sum >> 29;
}

static void know(struct sum *sum, uint64_t word)
{
	sum->known = mix(sum->known, word);
}

/* A map's regions, whose they are, and its spare entries; *@spare is the most that any map has. */
static void add_map(struct sum *sum, const struct resv_map *map, uint32_t *spare)
{
	static struct map_view view;

	know(sum, !map);
	if (!map)
		return;
	map_look(&reserve_world()->layout, map, &view);
	for (size_t i = 0; i < view.regions; i++) {
		know(sum, (uint64_t)view.region[i].from << 32 | view.region[i].to);
		know(sum, view.region[i].cgroup);
	}
	know(sum, view.regions << 16 | view.spare);
	know(sum, view.in_progress);
	if (view.spare > *spare)
		*spare = view.spare;
}

static void add_file(struct sum *sum, uint32_t *spare)
{
	const struct world *world = reserve_world();
	const struct model_file *file = &reserve_model_now()->file[THE_FILE];

	know(sum, world->has_file(world->state, THE_FILE));
	if (!world->has_file(world->state, THE_FILE))
		return;
	know(sum, file->reserved.in);
	know(sum, file->reserved.open);
	know(sum, file->ahead);
	know(sum, file->refused | file->gone << 1);
	add_map(sum, world->file_map(world->state, THE_FILE), spare);
	know(sum, world->cached(world->state, THE_FILE));
	know(sum, world->file_pages(world->state, THE_FILE));
	know(sum, world->file_cgroup(world->state, THE_FILE));
}

static void add_books(struct sum *sum)
{
	const struct world *world = reserve_world();
	struct subpool_view mount;
	struct cgroup_view cgroup;
	struct page_view page;
	struct pool_view pool;
	unsigned i = 0;
	uint64_t pages = 0;

	world->look_pool(world->state, &pool);
	know(sum, pool.pages << 32 | pool.free);
	know(sum, (uint64_t)pool.promised << 32 | (uint32_t)pool.surplus);
	world->look_mount(world->state, &mount);
	know(sum, (uint64_t)mount.used << 32 | (uint32_t)mount.rsv);
	for (unsigned group = 1; group < MAP_CGROUPS; group++) {
		world->look_cgroup(world->state, group, &cgroup);
		know(sum, cgroup.reserved << 32 | cgroup.used);
		know(sum, cgroup.refs);
	}
	/* Pages in use, in whatever order. */
	while (world->look_page(world->state, &i, &page))
		pages += mix(1, page.cgroup | page.cgroup_rsvd << 8 | page.in_file << 16 |
		                        page.of_mount << 17);
	know(sum, pages);
	/* Where calls have overlapped, less is asked of a mount with a maximum. */
	know(sum, *world->warned != 0);
	know(sum, scope.max && call_any_overtaken());
	sum->hidden = mix(sum->hidden, blocks_count());
}

/* The pages that the mappings have, in the order in which they are seen. */
static const void *seen[MOST_MAPPINGS * MOST_PAGES];
static unsigned seen_count;

static unsigned number_of(const void *page)
{
	unsigned i = 0;

	while (i < seen_count && seen[i] != page)
		i++;
	if (i == seen_count)
		seen[seen_count++] = page;
	return i;
}

static void add_entries(struct sum *sum, unsigned slot)
{
	const struct world *world = reserve_world();

	for (unsigned i = 0; i < scope.cells; i++) {
		bool own;
		const void *page = world->page_at(world->state, slot, i, &own);

		know(sum, page ? 2 + 2 * number_of(page) + own : 0);
		sum->hidden = mix(sum->hidden, world->look_entry(world->state, slot, i));
	}
}

static void add_mapping(struct sum *sum, unsigned slot, uint32_t *spare)
{
	const struct world *world = reserve_world();
	const struct model_mapping *mapping = &reserve_model_now()->mapping[slot];
	bool is_there = world->mapped(world->state, slot);

	know(sum, mapping->shared | mapping->owns << 1 | mapping->split << 2 | is_there << 3);
	know(sum, mapping->from << 8 | mapping->to);
	know(sum, mapping->used_up.in);
	know(sum, mapping->used_up.open);
	if (!is_there)
		return;
	know(sum, mapping->owns ? world->mapping_cgroup(world->state, slot) : 0);
	know(sum, world->lost_pages(world->state) >> slot & 1);
	add_map(sum, world->owner_map(world->state, slot), spare);
	add_entries(sum, slot);
}

static void swap(unsigned *a, unsigned *b)
{
	unsigned was = *a;

	*a = *b;
	*b = was;
}

/* The next order of @count slots that are sorted at first; false: there was none behind it. */
static bool next_order(unsigned *slot, unsigned count)
{
	unsigned i = count, j = count;

	while (i > 1 && slot[i - 2] > slot[i - 1])
		i--;
	if (i < 2)
		return false;
	while (slot[j - 1] < slot[i - 2])
		j--;
	swap(&slot[i - 2], &slot[j - 1]);
	for (unsigned *a = &slot[i - 1], *b = &slot[count - 1]; a < b; a++, b--)
		swap(a, b);
	return true;
}

static struct state_key key(void)
{
	struct sum sum = { 1, 1 }, least = { UINT64_MAX, UINT64_MAX };
	unsigned slot[SLOTS], count = 0;
	struct state_key key = { 0 };

	for (unsigned i = 0; i < SLOTS; i++)
		if (is_mapped(i))
			slot[count++] = i;
	add_file(&sum, &key.surplus);
	add_books(&sum);
	do {
		struct sum one = sum;

		seen_count = 0;
		for (unsigned i = 0; i < count; i++)
			add_mapping(&one, slot[i], &key.surplus);
		if (one.known < least.known ||
		    (one.known == least.known && one.hidden < least.hidden))
			least = one;
	} while (next_order(slot, count));
	key.state = least.known;
	key.hidden = (uint32_t)(least.hidden >> 32);
	return key;
}

/* A block that nobody has is hidden state, and the release of that state finds it. */
static void settled(void)
{
}

/* Of the sections that hold the static variables of what is under test; NULL where there are none. */
extern char __start_under_test_data[] __attribute__((weak));
extern char __stop_under_test_data[] __attribute__((weak));
extern char __start_under_test_bss[] __attribute__((weak));
extern char __stop_under_test_bss[] __attribute__((weak));

/* Pages that were never in use are most of that memory.  How many were is put back first, for it says how much else is. */
static void own(void (*piece)(void *at, size_t size))
{
	const struct world *world = reserve_world();
	struct page_array pages;
	char *unused;

	reserve_own(piece);
	piece(__start_under_test_data, __stop_under_test_data - __start_under_test_data);
	world->page_array(world->state, &pages);
	if (pages.first < __start_under_test_bss || pages.end > __stop_under_test_bss) {
		piece(__start_under_test_bss, __stop_under_test_bss - __start_under_test_bss);
		return;
	}
	piece(pages.used, sizeof(*pages.used));
	unused = pages.first + *pages.used * pages.size;
	piece(__start_under_test_bss, unused - __start_under_test_bss);
	piece(pages.end, __stop_under_test_bss - pages.end);
}

/* One file, two pages of it and as many that are free; one private mapping and one shared, or two of a kind. */
const struct explored reserve_explored = {
	.usual = { .cells = 2, .tickets = 2, .owners = 1, .pool = 2 },
	.usual_calls = 1,
	.orders = orders,
	.begin = begin,
	.looks = looks,
	.ops = ops,
	.key = key,
	.settled = settled,
	.own = own,
};
