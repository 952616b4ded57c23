/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: small macros, with the kernel's checks of types. */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/types.h>
#include <asm/byteorder.h>

/* An error number of the kernel that the C library may lack: a structure is damaged. */
#ifndef EUCLEAN
#define EUCLEAN		117
#endif

#define U32_MAX		((u32)~0u)
#define U64_MAX		((u64)~0ull)
#define PAGE_SHIFT	12
#define PAGE_SIZE	4096ul

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), #cond)
#define ilog2(n)		(63 - __builtin_clzll(n))

#define shim_pick(op, a, b)						\
({									\
	__typeof__(a) shim_a = (a);					\
	__typeof__(b) shim_b = (b);					\
	(void)(&shim_a == &shim_b);					\
	shim_a op shim_b ? shim_a : shim_b;				\
})

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL	DIV_ROUND_UP
#define min(a, b)		shim_pick(<, a, b)
#define max(a, b)		shim_pick(>, a, b)
#define max3(a, b, c)		max(max(a, b), c)
#define min_t(type, a, b)	shim_pick(<, (type)(a), (type)(b))
#define max_t(type, a, b)	shim_pick(>, (type)(a), (type)(b))
#define clamp_t(type, value, low, high)	\
	min_t(type, max_t(type, value, low), high)
#define clamp(value, low, high)						\
({									\
	__typeof__(value) shim_low = max(value, low);			\
	min(shim_low, high);						\
})

#define swap(a, b)							\
	do {								\
		__typeof__(a) shim_swap = (a);				\
		(a) = (b);						\
		(b) = shim_swap;					\
	} while (0)

#endif
