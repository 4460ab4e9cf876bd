/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One node of memory, with one zone, for everybody: no policy, and a cpuset that allows the node unless a
 * trace refuses it.
 */
#ifndef VM_NODE_H
#define VM_NODE_H

#include "base.h"

#define NUMA_NO_NODE    (-1)
#define MAX_NUMNODES    1
#define nr_node_ids     1
#define nr_online_nodes 1
#define N_MEMORY        0
#define MAX_NR_ZONES    1

typedef struct {
	unsigned long bits;
} nodemask_t;

/* The nodes that have memory. */
static nodemask_t node_states[1] __maybe_unused = { { 1 } };

struct zone {
	char unused;
};
struct zoneref {
	struct zone *zone;
};
struct zonelist {
	char unused;
};
struct mempolicy {
	unsigned short mode;
};
enum mempolicy_mode { MPOL_DEFAULT, MPOL_PREFERRED, MPOL_BIND, MPOL_PREFERRED_MANY = 5 };

/* What the task may use: all, unless a trace says that it has nothing there. */
static inline bool vm_no_node(void)
{
	return shim_refuses(SHIM_NODE, false);
}

static inline nodemask_t vm_mems_allowed(void)
{
	return (nodemask_t){ vm_no_node() ? 0 : 1 };
}

#define cpuset_current_mems_allowed       vm_mems_allowed()
#define node_online_map                   node_states[0]
#define numa_node_id()                    0
#define numa_mem_id()                     0
#define first_memory_node                 0
#define node_isset(node, mask)            (((mask).bits >> (node)) & 1)
#define node_set(node, mask)              ((void)((mask).bits |= 1ul << (node)))
#define node_clear(node, mask)            ((void)((mask).bits &= ~(1ul << (node))))
#define nodes_clear(mask)                 ((void)((mask).bits = 0))
#define node_set_state(node, state)       ((void)0)
#define nodes_and(dst, a, b)              ((void)((dst).bits = (a).bits & (b).bits))
#define NODE_DATA(node)                   ((void)(node), NULL)
#define nodes_weight(mask)                ((int)((mask).bits & 1))
#define first_node(mask)                  ((void)(mask), 0)
#define next_node(node, mask)             ((void)(mask), (node) + 1)
#define next_node_in(node, mask)          ((void)(node), (void)(mask), 0)
#define for_each_node_mask(node, mask)    for ((node) = 0; (node) < 1 && ((mask).bits & 1); (node)++)
#define for_each_node_state(node, state)  for ((node) = 0; (node) < 1; (node)++)
#define for_each_node(node)               for ((node) = 0; (node) < 1; (node)++)
#define for_each_online_node(node)        for ((node) = 0; (node) < 1; (node)++)
#define node_to_mem_node(node)            (node)
#define NODEMASK_ALLOC(type, name, gfp)   type name##_memory = { 0 }, *name = &name##_memory
#define NODEMASK_FREE(name)               ((void)(name))
#define init_nodemask_of_node(mask, node) ((void)((mask)->bits = 1ul << (node)))

#define node_zonelist(...)                NULL
#define huge_zonelist(...)                NULL
#define gfp_zone(gfp)                     ((void)(gfp), 0)
#define for_each_zone_zonelist_nodemask(zone, z, list, idx, mask) \
	for ((void)(z), (void)(list), (void)(idx), (void)(mask), zone = (void *)1; zone; \
	     zone = NULL)
#define cpuset_zone_allowed(zone, gfp)          ((void)(zone), !vm_no_node())
#define cpuset_zone_allowed_softwall(zone, gfp) cpuset_zone_allowed(zone, gfp)
#define zone_to_nid(zone)                       ((void)(zone), 0)
#define read_mems_allowed_begin()               0
#define read_mems_allowed_retry(cookie)         ((void)(cookie), false)

#define huge_node(vma, addr, gfp, mpol, mask) \
	((void)(vma), (void)(addr), (void)(gfp), *(mpol) = NULL, *(mask) = NULL, 0)
#define mpol_cond_put(mpol)              ((void)(mpol))
#define mpol_is_preferred_many(mpol)     ((void)(mpol), false)
#define policy_mbind_nodemask(gfp)       ((nodemask_t *)NULL)
#define policy_nodemask_current(gfp)     ((nodemask_t *)NULL)
#define get_task_policy(task)            ((struct mempolicy *)NULL)
#define apply_policy_zone(...)           true
#define init_nodemask_of_mempolicy(mask) ((void)(mask), false)

#endif
