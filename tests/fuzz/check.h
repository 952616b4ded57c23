/* SPDX-License-Identifier: GPL-2.0 */
/*
 * check.h - how a fuzz target says that a property does not hold
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* Print what is wrong and abort, which makes libFuzzer keep the input. */
#define fuzz_require(condition, ...)				\
	do {							\
		if (!(condition)) {				\
			fprintf(stderr, "PROPERTY: " __VA_ARGS__);	\
			fputc('\n', stderr);			\
			abort();				\
		}						\
	} while (0)

#endif /* CHECK_H */
