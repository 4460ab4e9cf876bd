/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `mutate` writes into the text under test.  Every mutant of a text is in one program: where the
 * mutant's number is mutant_now the text does what the mutant does, elsewhere and for every other number
 * what was written.  So a text is compiled once, and a mutant costs only its runs.
 *
 * With MUTANT_ALONE=number the choice is the compiler's, and what it makes of the mutant can be compared
 * with what it makes of the text.
 */
#ifndef MUTANT_H
#define MUTANT_H

enum { MUTANT_MOST = 1 << 15 };

extern int mutant_now; /* the mutant's number, 0: none */
extern unsigned char mutant_reached[MUTANT_MOST];

/* Told of each step, so that a mutant which never ends does end. */
void mutant_step(void);

/* The mutant's place is reached; who wants to know that names a file by RESVMAP_MUTANT_REACHED.  Returns 1. */
int mutant_runs(void);

#ifdef MUTANT_ALONE
#define MUTANT(n) ((n) == MUTANT_ALONE)
#else
#define MUTANT(n) (mutant_reached[n] = 1, mutant_step(), mutant_now == (n) && mutant_runs())
#endif

/* Values are taken once, in the order written.  The comma makes a value of a bit-field. */
#define MUTANT_TWO(a, b) \
	__auto_type mutant_a = (0, a); \
	__auto_type mutant_b = (0, b)

/* a OP b: mutant n is a ALT b, mutant n + 1 is a NOT b */
#define MUTANT_COMPARE(n, a, op, alt, not, b) \
	({ \
		MUTANT_TWO(a, b); \
		MUTANT(n)         ? mutant_a alt mutant_b \
		: MUTANT((n) + 1) ? mutant_a not mutant_b \
				  : mutant_a op mutant_b; \
	})
#define MUTANT_OTHER(n, a, op, alt, b) \
	({ \
		MUTANT_TWO(a, b); \
		MUTANT(n) ? mutant_a alt mutant_b : mutant_a op mutant_b; \
	})
/* a && b; a || b if the mutant runs: what decides is b, unless a does. */
#define MUTANT_AND(n, a, b) \
	({ \
		_Bool mutant_a = !!(a); \
		mutant_a != MUTANT(n) ? !!(b) : mutant_a; \
	})
#define MUTANT_OR(n, a, b) \
	({ \
		_Bool mutant_a = !!(a); \
		mutant_a == MUTANT(n) ? !!(b) : mutant_a; \
	})
#define MUTANT_NOT(n, a)  (!!(a) != MUTANT(n))
#define MUTANT_MORE(n, a) ((a) + MUTANT(n))
#define MUTANT_NEAR(n, a) ((a) + MUTANT(n) - MUTANT((n) + 1))
#define MUTANT_MINUS(n, a) \
	({ \
		__auto_type mutant_a = (0, a); \
		MUTANT(n) ? -mutant_a : mutant_a; \
	})
#define MUTANT_EITHER(n, a, b) (MUTANT(n) ? (b) : (a))
#define MUTANT_PLACE(n, a, b)  (*(MUTANT(n) ? &(b) : &(a)))

#endif
