/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: atomic operations; those that return a value are fully ordered. */
#ifndef SHIM_LINUX_ATOMIC_H
#define SHIM_LINUX_ATOMIC_H

#include <linux/types.h>
#include <asm/barrier.h>

#define xchg(ptr, value)	\
	({ shim_delay(); __atomic_exchange_n(ptr, value, __ATOMIC_SEQ_CST); })

#define cmpxchg(ptr, old, new)						\
({									\
	__typeof__(*(ptr)) shim_old = (old);				\
	shim_delay();							\
	__atomic_compare_exchange_n(ptr, &shim_old, new, false,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);	\
	shim_old;							\
})
#define cmpxchg64	cmpxchg

#define atomic_read(v)		READ_ONCE((v)->counter)
#define atomic_set(v, i)	WRITE_ONCE((v)->counter, i)
#define atomic_dec(v)	\
	((void)__atomic_fetch_sub(&(v)->counter, 1, __ATOMIC_RELAXED))
#define atomic_inc(v)	\
	((void)__atomic_fetch_add(&(v)->counter, 1, __ATOMIC_RELAXED))

#endif
