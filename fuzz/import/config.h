/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration that a kernel's text is read and compiled under: every #if of the files that
 * are read is decided by these words, a word that is not here is off, and the manifest of an import
 * says those that decided something.
 *
 * One node, no memory cgroups, no debugging: what the shim has.
 */
#ifndef CONFIG_HUGETLB_PAGE
#define CONFIG_HUGETLB_PAGE 1
#define CONFIG_HUGETLBFS    1
#ifndef WITHOUT_CGROUP
#define CONFIG_CGROUP_HUGETLB 1
#endif
#define CONFIG_MMU                       1
#define CONFIG_64BIT                     1

/* A word that is 1 is on; one that is not defined is no number, and off. */
#define CONFIG_COMMA_1                   0,
#define CONFIG_SECOND(zero, second, ...) second
#define CONFIG_IS(word)                  CONFIG_IS_(word)
#define CONFIG_IS_(word)                 CONFIG_SECOND_(CONFIG_COMMA_##word 1, 0)
#define CONFIG_SECOND_(...)              CONFIG_SECOND(__VA_ARGS__, 0)
#define IS_ENABLED(word)                 CONFIG_IS(word)
#define IS_BUILTIN(word)                 CONFIG_IS(word)
#define IS_REACHABLE(word)               CONFIG_IS(word)
#define IS_MODULE(word)                  0
#endif
