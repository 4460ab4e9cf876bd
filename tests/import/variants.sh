# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Ways to write a kernel's text that are no other map, and ways to break it.  Read by tests/import.sh, which
# calls edit_NAME in the top folder of a made-up tree of the style; a line of the table says what has to come
# of it:
#
#	NAME STYLE good			it imports, with the facts of the style
#	NAME STYLE runs			... and keeps every rule
#	NAME STYLE says REGEX		it is refused, by a line that points into the tree
#	NAME STYLE callers REGEX	the callers of the map are refused so
variants='
guard g8 runs
scoped_guard g8 runs
free g8 runs
attributes g8 good
brace g8 good
macro g8 good
enum g8 good
static_variable g8 runs
callback g8 runs
quotes g8 good
braces_in_strings g8 good
two_definitions g8 runs
is_enabled g8 good
else_if g8 runs
max g8 runs
max_old g3 runs
const g8 good
typedef g8 good
spacing g8 good
struct_by_value g8 runs
inline_in_header g8 good
made_by_macro g8 good
moved g8 good
moved_elsewhere g8 says has no region_count in: .*FILES+=
paren_missing g8 says mm/hugetlb.c:[0-9]*:[0-9]*: expected .)
brace_missing g8 says mm/hugetlb.c:[0-9]*: region_chg() is not closed by the brace in column 1
semicolon_missing g8 says mm/hugetlb.c:[0-9]*:[0-9]*: expected .;
renamed_helper g8 says mm/hugetlb.c:[0-9]*:[0-9]*: put_region
two_unknown g8 says mm/hugetlb.c:[0-9]*:[0-9]*: list_turn
unknown_type g8 says mm/hugetlb.c:[0-9]*:[0-9]*: region_count_t
renamed_field g8 says struct resv_map has no adds_in_progress
renamed_replaced v7 callers the shim stands in for .*gather_surplus_pages
endif_missing g8 says mm/hugetlb.c:[0-9]*:[0-9]*: unterminated conditional directive
'

in_map() { sed -i "$@" mm/hugetlb.c; }

# The lines of a function, its head included, as a range for sed.
of() { echo "/^static long $1(/,/^}/"; }

edit_guard() {
	in_map "$(of region_count)s/spin_lock(&resv->lock);/guard(spinlock)(\&resv->lock);/
		$(of region_count)s/spin_unlock.*//"
}

edit_scoped_guard() {
	in_map '/^static void region_abort/,/^}/{
		s/spin_lock(&resv->lock);/scoped_guard(spinlock, \&resv->lock)/
		s/spin_unlock.*//
	}'
}

edit_free() {
	in_map '/^struct resv_map \*resv_map_alloc/,/^}/{
		s/resv = kmalloc/resv __free(kfree) = kmalloc/
		s/return resv;/return_ptr(resv);/
	}'
}

edit_attributes() {
	in_map 's/^static long region_count(/static noinline __must_check long region_count(/
		s/^static long region_add(/static long __maybe_unused region_add(/
		/^static int spare_fill/,/__must_hold/s/__must_hold(&resv->lock)/__must_hold(\&resv->lock) __acquires(x) __releases(x)/'
}

edit_brace() {
	in_map '/^static long region_count(.*)$/{
		N
		s/\n{/ {/
	}'
}

edit_macro() {
	in_map '/^static long region_del/i\
#define overlaps(rg, f, t) \\\
	((rg)->from < (t) && \\\
	 (rg)->to > (f))\

		/^static long region_del/,/^}/s/if (from >= to)/if (!overlaps(rg, f, t))/'
}

edit_enum() {
	in_map '/^static int unrelated_before/i\
enum {\
	NOTHING,\
	ONE_REGION,\
};\

		s/\*out_regions_needed = 1;/*out_regions_needed = ONE_REGION;/'
}

edit_static_variable() {
	in_map '/^static long region_count/i\
static long sums_made __read_mostly, nothing_yet = 0;\

		/^static long region_count/,/^}/s/long sum = 0;/long sum = nothing_yet;\n\n\tsums_made++;/'
}

edit_callback() {
	in_map '/^static long region_count/i\
static long overlap_of(struct file_region *rg, long f, long t)\
{\
	return max(min(t, rg->to) - max(f, rg->from), 0L);\
}\
\
static long (*const measure)(struct file_region *rg, long f, long t) = overlap_of;\

		/^static long region_count/,/^}/s/sum += .*/sum += measure(rg, f, t);/'
}

edit_quotes() {
	in_map "$(of region_count)s|spin_lock|/* 6\" wide, that's all: region_add(\" { */\n\tspin_lock|"
}

edit_braces_in_strings() {
	in_map "$(of region_count)s|spin_lock|(void)\"}\", (void)'{';\n\tspin_lock|"
}

# The first definition is another machine's.
edit_two_definitions() {
	in_map '/^static long region_count/i\
#ifdef CONFIG_NUMA\
static long region_count(struct resv_map *resv, long f, long t)\
{\
	return -1;\
}\
#else
		/^static long region_count/,/^}/s/^}/}\n#endif/'
}

edit_is_enabled() {
	in_map '/^static long region_count/i\
#if !IS_ENABLED(CONFIG_HUGETLB_PAGE) || defined(CONFIG_NO_SUCH_THING)\
static long region_count(struct resv_map *resv, long f, long t)\
{\
	return -1;\
}\
#endif'
}

edit_else_if() {
	in_map '/^static long region_count/i\
#if defined(CONFIG_NUMA) && \\\
	!defined(CONFIG_MMU)\
static long region_count(struct resv_map *resv, long f, long t) { return -1; }\
#elif IS_ENABLED(CONFIG_HUGETLB_PAGE) /* #else */
		/^static long region_count/,/^}/s/^}/}\n#else\nstatic long region_count(struct resv_map *resv, long f, long t) { return -2; }\n#endif/'
}

edit_max() { in_map 's/next->from = rg->from;/next->from = min(next->from, rg->from);/'; }

edit_max_old() { in_map 's/t = max(t, rg->to);/t = rg->to > t ? (rg->to) : (t);/'; }

edit_const() {
	in_map 's/^static long region_count(struct resv_map \*resv, long f, long t)/static long region_count(const struct resv_map *const resv, const long f, const long t)/
		/^static long region_count/,/^}/{
			s/struct file_region \*rg/const struct file_region *rg/
			s/&resv->lock/(spinlock_t *)\&resv->lock/
		}'
}

edit_typedef() {
	in_map '/^static int unrelated_before/i\
typedef long region_index_t;\

		s/^static long region_count(struct resv_map \*resv, long f, long t)/static region_index_t region_count(struct resv_map *resv, region_index_t f, region_index_t t)/'
}

edit_spacing() {
	in_map 's/^static long region_count(struct resv_map \*resv, long f, long t)/static   long\nregion_count (struct resv_map* resv,\n\tlong f ,\tlong\tt)/'
}

edit_struct_by_value() {
	in_map '/^static int unrelated_before/i\
struct span {\
	long first;\
	struct extent { long pages; } length;\
};\

		/^static long region_count/i\
static struct span span_of(long f, long t)\
{\
	return (struct span){ f, { t - f } };\
}\

		/^static long region_count/,/^}/s/long sum = 0;/long sum = span_of(f, f).length.pages;/'
}

edit_inline_in_header() {
	sed -i '/^struct file_region {/,/^};/s/^};/};\
\
static inline bool region_is_empty(const struct file_region *rg)\
{\
	return rg->from == rg->to;\
}/' include/linux/hugetlb.h
	in_map '/^static long region_count/,/^}/s/^\t\tsum +=/\t\tsum += region_is_empty(rg) ? 0 :/'
}

# The lock has no line of its own that says what it is.
edit_made_by_macro() {
	in_map '/^static long region_count/i\
LIST_HEAD(all_sums);\

		/^static long region_count/,/^}/s/spin_lock/if (!list_empty(\&all_sums))\n\t\treturn -1;\n\tspin_lock/'
}

# Move region_count() to the file.
move_to() {
	{
		echo '#include <linux/hugetlb.h>'
		sed -n '/^static long region_count/,/^}/p' mm/hugetlb.c
	} >"$1"
	in_map '/^static long region_count/,/^}/d'
}

edit_moved() { move_to mm/hugetlb_regions.c; }
edit_moved_elsewhere() { move_to mm/regions.c; }
edit_paren_missing() { in_map "$(of region_chg)s/if (spare_fill(resv, \*out_regions_needed))/if (spare_fill(resv, *out_regions_needed)/"; }
edit_brace_missing() { in_map "$(of region_chg)s/if (spare_fill(.*/&{/"; }
edit_semicolon_missing() { in_map "$(of region_chg)s/return chg;/return chg/"; }
edit_renamed_helper() { in_map '/^put_region\|^static void put_region/s/put_region/place_region/'; }
edit_two_unknown() { in_map "$(of region_count)s/spin_lock/kfree_late(NULL), list_turn(\&resv->regions);\n\tspin_lock/"; }
edit_unknown_type() { in_map "$(of region_count)s/long sum = 0/region_count_t sum = 0/"; }

edit_renamed_field() {
	sed -i 's/adds_in_progress/adds_pending/' mm/hugetlb.c include/linux/hugetlb.h
}

edit_renamed_replaced() { in_map 's/gather_surplus_pages/collect_surplus_pages/'; }

edit_endif_missing() {
	in_map '/^static long region_count/i\
#ifdef CONFIG_NUMA'
}
