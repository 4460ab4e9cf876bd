// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text to be mutated by tests/mutants.sh, one function for each kind of mutant; it knows nothing of maps.
 * What main() prints is all that is to be seen of a mutant.
 */
#include <stdbool.h>
#include <stdio.h>

struct books {
	long used, free;
	bool full;
};

#define LIKELY(x)    __builtin_expect(!!(x), 1)
#define VM_BUG_ON(x) ((void)(x))
#define EACH(i, n) \
	i = 0; \
	i < (n); \
	i++

static int sum(const int *value, int count)
{
	int i, all = 0;

	VM_BUG_ON(count < 0);
	for (EACH(i, count)) {
		if (value[i] == 3)
			continue;
		all += value[i];
	}
	return all;
}

static int take(struct books *books, int pages, bool strict)
{
	if (strict && LIKELY(pages > books->free))
		return -1;
	books->used += pages;
	books->free -= pages;
	if (!books->free)
		books->full = true;
	return 0;
}

static int less(int a, int b)
{
	return a < b ? a - b : 0;
}

int main(void)
{
	static const int value[] = { 1, 3, 5, 7 };
	struct books books = { .used = 1, .free = 4 };
	int one = 1, two = 2;

	printf("%d ", sum(value, 3));
	printf("%d ", take(&books, 4, true));
	printf("%d ", take(&books, 9, true));
	printf("%d ", less(one, two));
	printf("%ld %ld %d\n", books.used, books.free, books.full);
	return 0;
}
