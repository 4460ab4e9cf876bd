// SPDX-License-Identifier: GPL-2.0-only
/*
 * Promises of huge pages: the calls that make one, use it, and give it back.  Knows pages, maps and
 * subpools only by what their headers say of them.
 *
 * What holds when no call is under way, for every change here keeps it:
 *
 *	resv_huge_pages == pages reserved and not there yet + every subpool's rsv_hpages
 *	used_hpages == pages in the mount's shared maps + what owners have left + private pages
 */
#include "reserve.h"

#include "src/map/resv_map.h"
#include "subpool.h"

/* Charge the task's cgroup for @pages promised. */
static int cgroup_charge(long pages, struct hugetlb_cgroup *h_cg)
{
	struct page_counter *fail;

	return page_counter_try_charge(&h_cg->rsvd_hugepage[0], pages * VM_HUGE_PAGES, &fail)
	               ? 0
	               : -ENOMEM;
}

static void cgroup_uncharge(long pages, struct hugetlb_cgroup *h_cg)
{
	page_counter_uncharge(&h_cg->rsvd_hugepage[0], pages * VM_HUGE_PAGES);
}

static struct hugepage_subpool *subpool_inode(struct inode *inode)
{
	return HUGETLBFS_SB(inode->i_sb)->spool;
}

static struct resv_map *inode_resv_map(struct inode *inode)
{
	return inode->i_mapping->private_data;
}

static long vma_hugecache_offset(const struct vm_area_struct *vma, unsigned long address)
{
	return linear_page_index(vma, address) >> VM_HUGE_ORDER;
}

struct resv_map *vma_resv_map(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_MAYSHARE)
		return inode_resv_map(file_inode(vma->vm_file));
	return (struct resv_map *)((unsigned long)vma->vm_private_data & ~(long)HPAGE_RESV_MASK);
}

static void set_vma_resv_map(struct vm_area_struct *vma, struct resv_map *map)
{
	vma->vm_private_data = map;
}

void set_vma_resv_flags(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_private_data = (void *)((unsigned long)vma->vm_private_data | flags);
}

int is_vma_resv_set(struct vm_area_struct *vma, unsigned long flag)
{
	return ((unsigned long)vma->vm_private_data & flag) != 0;
}

enum vma_resv_mode { VMA_NEEDS_RESV, VMA_COMMIT_RESV, VMA_END_RESV, VMA_ADD_RESV };

/* What the mode does to the map, where an entry of a private one means the opposite. */
static long vma_reservation_map(struct resv_map *resv, long idx, bool shared,
                                enum vma_resv_mode mode, long *regions_needed)
{
	switch (mode) {
	case VMA_NEEDS_RESV:
		return region_chg(resv, idx, idx + 1, regions_needed);
	case VMA_ADD_RESV:
		if (!shared) {
			region_abort(resv, idx, idx + 1, *regions_needed);
			return region_del(resv, idx, idx + 1);
		}
		/* fall through */
	case VMA_COMMIT_RESV:
		return region_add(resv, idx, idx + 1, *regions_needed);
	default:
		region_abort(resv, idx, idx + 1, *regions_needed);
		return 0;
	}
}

static long __vma_reservation_common(struct hstate *h, struct vm_area_struct *vma,
                                     unsigned long addr, enum vma_resv_mode mode,
                                     long *regions_needed)
{
	struct resv_map *resv = vma_resv_map(vma);
	bool shared = vma->vm_flags & VM_MAYSHARE;
	long ret;

	(void)h;
	if (!resv)
		return 1;
	ret = vma_reservation_map(resv, vma_hugecache_offset(vma, addr), shared, mode,
	                          regions_needed);
	if (shared || ret < 0)
		return ret;
	return ret == 0;
}

long vma_needs_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                           long *regions_needed)
{
	return __vma_reservation_common(h, vma, addr, VMA_NEEDS_RESV, regions_needed);
}

long vma_commit_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                            long regions_needed)
{
	long ret = __vma_reservation_common(h, vma, addr, VMA_COMMIT_RESV, &regions_needed);

	VM_BUG_ON(ret < 0); /* an add of one page cannot fail */
	return ret;
}

void vma_end_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                         long regions_needed)
{
	__vma_reservation_common(h, vma, addr, VMA_END_RESV, &regions_needed);
}

long vma_add_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                         long regions_needed)
{
	return __vma_reservation_common(h, vma, addr, VMA_ADD_RESV, &regions_needed);
}

/* Who pays for a page without reservation: the file, or the page itself until it is freed. */
static struct hugetlb_cgroup *payer(struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_MAYSHARE ? file_inode(vma->vm_file)->h_cg
	                                   : hugetlb_cgroup_from_task(current);
}

/* A page in use: a free one, or, if those are all promised to others, a surplus one. */
static struct page *take_page(struct hstate *h, bool promised)
{
	struct page *page = NULL;

	spin_lock(&hugetlb_lock);
	if (promised || h->free_huge_pages > h->resv_huge_pages)
		page = vm_pool_dequeue(h);
	if (!page) {
		spin_unlock(&hugetlb_lock);
		page = vm_pool_surplus(h);
		if (!page)
			return NULL;
		spin_lock(&hugetlb_lock);
	}
	if (promised) {
		SetHPageRestoreReserve(page);
		h->resv_huge_pages--;
	}
	spin_unlock(&hugetlb_lock);
	return page;
}

/*
 * A page that no reservation is for: it is charged to @spool and @h_cg.  One out of the subpool's
 * minimum has been promised to the mount, and takes that promise.
 */
static struct page *take_unreserved_page(struct hstate *h, struct hugepage_subpool *spool,
                                         struct hugetlb_cgroup *h_cg)
{
	long from_pool = hugepage_subpool_get_pages(spool, 1);
	struct page *page;

	if (from_pool < 0)
		return NULL;
	if (cgroup_charge(1, h_cg))
		goto undo_get;
	page = take_page(h, !from_pool);
	if (page)
		return page;
	cgroup_uncharge(1, h_cg);
undo_get:
	hugepage_subpool_undo_get(h, spool, 1, from_pool);
	return NULL;
}

struct page *alloc_huge_page(struct vm_area_struct *vma, unsigned long addr, int avoid_reserve)
{
	struct hugepage_subpool *spool = subpool_inode(file_inode(vma->vm_file));
	struct hugetlb_cgroup *h_cg = payer(vma);
	struct hstate *h = hstate_vma(vma);
	long map_chg = 1, regions_needed = 0;
	struct page *page;

	if (!avoid_reserve)
		map_chg = vma_needs_reservation(h, vma, addr, &regions_needed);
	if (map_chg < 0)
		return ERR_PTR(-ENOMEM);
	page = map_chg ? take_unreserved_page(h, spool, h_cg) : take_page(h, true);
	if (!page) {
		if (!avoid_reserve)
			vma_end_reservation(h, vma, addr, regions_needed);
		return ERR_PTR(-ENOSPC);
	}
	hugetlb_set_page_subpool(page, spool);
	if (map_chg && !(vma->vm_flags & VM_MAYSHARE))
		set_hugetlb_cgroup_rsvd(page, h_cg);
	if (!avoid_reserve && vma_commit_reservation(h, vma, addr, regions_needed) < map_chg) {
		/* Somebody reserved it meanwhile, and it was counted twice. */
		hugetlb_acct_memory(h, -hugepage_subpool_put_pages(spool, 1));
		cgroup_uncharge(1, h_cg);
		set_hugetlb_cgroup_rsvd(page, NULL);
	}
	return page;
}

void restore_reserve_on_error(struct hstate *h, struct vm_area_struct *vma, unsigned long address,
                              struct page *page)
{
	long regions_needed = 0, rc;

	if (vma->vm_flags & VM_MAYSHARE) {
		SetHPageRestoreReserve(page);
		return;
	}
	if (!HPageRestoreReserve(page))
		return;
	/*
	 * A private page that is charged by itself came out of no reservation, but of the subpool's
	 * minimum; freeing it gives it back there.
	 */
	if (hugetlb_cgroup_from_page_rsvd(page)) {
		ClearHPageRestoreReserve(page);
		return;
	}
	rc = vma_needs_reservation(h, vma, address, &regions_needed);
	if (rc > 0)
		rc = vma_add_reservation(h, vma, address, regions_needed);
	else if (!rc)
		vma_end_reservation(h, vma, address, regions_needed);
	if (rc < 0)
		ClearHPageRestoreReserve(page);
}

void free_huge_page(struct page *page)
{
	struct hugepage_subpool *spool = hugetlb_page_subpool(page);
	bool restore_reserve = HPageRestoreReserve(page);
	struct hstate *h = &hstates[0];

	VM_BUG_ON(page->refcount);
	hugetlb_set_page_subpool(page, NULL);
	ClearHPageRestoreReserve(page);
	spin_lock(&hugetlb_lock);
	if (hugetlb_cgroup_from_page_rsvd(page))
		cgroup_uncharge(1, hugetlb_cgroup_from_page_rsvd(page));
	set_hugetlb_cgroup_rsvd(page, NULL);
	page->mapping = NULL;
	h->resv_huge_pages++;
	vm_pool_free(h, page);
	spin_unlock(&hugetlb_lock);
	/* It stays promised if it gives back a reservation, or its subpool's minimum lacks it. */
	if (!restore_reserve)
		hugetlb_acct_memory(h, -hugepage_subpool_put_pages(spool, 1));
}

/* What promising @chg pages takes besides the map; all of it or nothing. */
struct promise {
	struct hstate *h;
	struct hugepage_subpool *spool;
	struct hugetlb_cgroup *h_cg;
	long chg, from_pool;
};

static int promise_make(struct promise *p)
{
	int ret = cgroup_charge(p->chg, p->h_cg);

	if (ret)
		return ret;
	p->from_pool = hugepage_subpool_get_pages(p->spool, p->chg);
	if (p->from_pool < 0) {
		ret = -ENOSPC;
	} else {
		ret = hugetlb_acct_memory(p->h, p->from_pool);
		if (!ret)
			return 0;
		hugepage_subpool_undo_get(p->h, p->spool, p->chg, p->from_pool);
	}
	cgroup_uncharge(p->chg, p->h_cg);
	return ret;
}

static void promise_undo(struct promise *p)
{
	hugetlb_acct_memory(p->h, -p->from_pool);
	hugepage_subpool_undo_get(p->h, p->spool, p->chg, p->from_pool);
	cgroup_uncharge(p->chg, p->h_cg);
}

/* Pages that somebody else reserved meanwhile are counted twice: once is enough. */
static void promise_shrink(struct promise *p, long pages)
{
	cgroup_uncharge(pages, p->h_cg);
	hugetlb_acct_memory(p->h, -hugepage_subpool_put_pages(p->spool, pages));
}

static int reserve_shared(struct promise *p, struct resv_map *resv, long from, long to)
{
	long add, regions_needed;
	int ret;

	p->chg = region_chg(resv, from, to, &regions_needed);
	if (p->chg < 0)
		return p->chg;
	ret = promise_make(p);
	if (ret) {
		region_abort(resv, from, to, regions_needed);
		return ret;
	}
	add = region_add(resv, from, to, regions_needed);
	if (add < 0) {
		promise_undo(p);
		region_abort(resv, from, to, regions_needed);
		return add;
	}
	if (add < p->chg)
		promise_shrink(p, p->chg - add);
	return 0;
}

static int reserve_private(struct promise *p, struct vm_area_struct *vma, long pages)
{
	struct resv_map *resv = resv_map_alloc();
	int ret;

	if (!resv)
		return -ENOMEM;
	p->chg = pages;
	ret = promise_make(p);
	if (ret) {
		kref_put(&resv->refs, resv_map_release);
		return ret;
	}
	set_vma_resv_map(vma, resv);
	set_vma_resv_flags(vma, HPAGE_RESV_OWNER);
	vma->h_cg = p->h_cg;
	return 0;
}

int hugetlb_reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                          vm_flags_t vm_flags)
{
	struct promise p = { .h = hstate_inode(inode), .spool = subpool_inode(inode) };

	if (from > to)
		return -EINVAL;
	if (vm_flags & VM_NORESERVE)
		return 0;
	if (!vma || vma->vm_flags & VM_MAYSHARE) {
		p.h_cg = inode->h_cg;
		return reserve_shared(&p, inode_resv_map(inode), from, to);
	}
	p.h_cg = hugetlb_cgroup_from_task(current);
	return reserve_private(&p, vma, to - from);
}

long hugetlb_unreserve_pages(struct inode *inode, long start, long end, long freed)
{
	struct resv_map *resv = inode_resv_map(inode);
	struct hstate *h = hstate_inode(inode);
	long chg = 0;

	if (resv) {
		chg = region_del(resv, start, end);
		if (chg < 0)
			return chg;
	}
	spin_lock(&inode->i_lock);
	inode->i_blocks -= blocks_per_huge_page(h) * freed;
	spin_unlock(&inode->i_lock);
	cgroup_uncharge(chg, inode->h_cg);
	/* Pages that were there have been given back to the subpool when they were freed. */
	hugetlb_acct_memory(h, -hugepage_subpool_put_pages(subpool_inode(inode), chg - freed));
	return 0;
}

void hugetlb_fix_reserve_counts(struct inode *inode, struct page *page)
{
	(void)inode;
	SetHPageRestoreReserve(page);
}

void hugetlb_vm_op_close(struct vm_area_struct *vma)
{
	struct resv_map *resv = vma_resv_map(vma);
	long start, end, reserve;

	if (!resv || !is_vma_resv_set(vma, HPAGE_RESV_OWNER))
		return;
	start = vma_hugecache_offset(vma, vma->vm_start);
	end = vma_hugecache_offset(vma, vma->vm_end);
	reserve = end - start - region_count(resv, start, end);
	cgroup_uncharge(end - start, vma->h_cg);
	kref_put(&resv->refs, resv_map_release);
	hugetlb_acct_memory(hstate_vma(vma),
	                    -hugepage_subpool_put_pages(subpool_inode(file_inode(vma->vm_file)),
	                                                reserve));
}

void hugetlb_release_map(struct inode *inode)
{
	struct resv_map *resv = inode_resv_map(inode);

	if (resv)
		kref_put(&resv->refs, resv_map_release);
	inode->i_mapping->private_data = NULL;
}
