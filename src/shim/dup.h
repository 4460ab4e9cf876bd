/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's vocabulary that behaves here as it does there: doubly linked lists,
 * container_of, references, min and max.  Written afresh against the kernel's documented
 * behaviour; whoever includes it may rely on every name doing what kernel code expects.
 *
 * Knows nothing of maps, allocation or fuzzing; walks along lists are counted.
 */
#ifndef SHIM_DUP_H
#define SHIM_DUP_H

#include "hooks.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define likely(x)                       __builtin_expect(!!(x), 1)
#define unlikely(x)                     __builtin_expect(!!(x), 0)

#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

#define min(a, b) \
	({ \
		__typeof__(a) min_a = (a); \
		__typeof__(b) min_b = (b); \
		min_a < min_b ? min_a : min_b; \
	})
#define max(a, b) \
	({ \
		__typeof__(a) max_a = (a); \
		__typeof__(b) max_b = (b); \
		max_a > max_b ? max_a : max_b; \
	})

#define WRITE_ONCE(place, value) ((place) = (value))

/* A node of a circular list, and its head: an empty list points at itself. */
struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) \
	{ \
		&(name), &(name) \
	}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void list_join(struct list_head *prev, struct list_head *next)
{
	prev->next = next;
	next->prev = prev;
}

/* Put @entry right behind @where. */
static inline void list_add(struct list_head *entry, struct list_head *where)
{
	list_join(entry, where->next);
	list_join(where, entry);
}

/* Put @entry right before @where. */
static inline void list_add_tail(struct list_head *entry, struct list_head *where)
{
	list_add(entry, where->prev);
}

/* Take @entry out.  As in the kernel its own pointers are spoilt, so that a stale use shows. */
static inline void list_del(struct list_head *entry)
{
	list_join(entry->prev, entry->next);
	entry->next = (struct list_head *)0x100;
	entry->prev = (struct list_head *)0x122;
}

/* Take @entry out; it is an empty list afterwards. */
static inline void list_del_init(struct list_head *entry)
{
	list_join(entry->prev, entry->next);
	INIT_LIST_HEAD(entry);
}

/* Take @entry out of its list, and put it right behind @where. */
static inline void list_move(struct list_head *entry, struct list_head *where)
{
	list_join(entry->prev, entry->next);
	list_add(entry, where);
}

/* Take @entry out of its list, and put it right before @where. */
static inline void list_move_tail(struct list_head *entry, struct list_head *where)
{
	list_join(entry->prev, entry->next);
	list_add_tail(entry, where);
}

static inline int list_empty(const struct list_head *head)
{
	return head->next == head;
}

/* Move what hangs on @list right behind @head.  @list itself keeps its stale pointers. */
static inline void list_splice(const struct list_head *list, struct list_head *head)
{
	if (list_empty(list))
		return;
	list_join(list->prev, head->next);
	list_join(head, list->next);
}

/* The same, and @list is an empty list afterwards. */
static inline void list_splice_init(struct list_head *list, struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

#define list_entry(ptr, type, member)        container_of(ptr, type, member)
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)  list_entry((head)->prev, type, member)
#define list_next_entry(pos, member)         list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_prev_entry(pos, member)         list_entry((pos)->member.prev, __typeof__(*(pos)), member)

#define list_for_each_entry(pos, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member); \
	     shim_step(__FILE__, __LINE__) && &pos->member != (head); \
	     pos = list_next_entry(pos, member))

/* @pos may be taken out and freed; @n holds the one after it. */
#define list_for_each_entry_safe(pos, n, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member), \
	    n = list_next_entry(pos, member); \
	     shim_step(__FILE__, __LINE__) && &pos->member != (head); \
	     pos = n, n = list_next_entry(n, member))

/* One thread: a plain count keeps the kernel's promises. */
struct kref {
	int refcount;
};

static inline void kref_init(struct kref *kref)
{
	kref->refcount = 1;
}

static inline void kref_get(struct kref *kref)
{
	kref->refcount++;
}

static inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (--kref->refcount)
		return 0;
	release(kref);
	return 1;
}

#endif
