/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copy: marked accesses, as relaxed atomics. So ThreadSanitizer reports races of
 * unmarked accesses alone. Before each marked access a thread may be delayed, as by
 * KCSAN, so that races happen.
 */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define noinline	__attribute__((__noinline__))

#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif

extern unsigned int shim_delay_one_in;
void shim_delay_now(unsigned int one_in);

static inline void shim_delay(void)
{
	unsigned int one_in = __atomic_load_n(&shim_delay_one_in,
					      __ATOMIC_RELAXED);

	if (unlikely(one_in))
		shim_delay_now(one_in);
}

#define READ_ONCE(x)	\
	({ shim_delay(); __atomic_load_n(&(x), __ATOMIC_RELAXED); })
#define WRITE_ONCE(x, value)	\
	({ shim_delay(); __atomic_store_n(&(x), (value), __ATOMIC_RELAXED); })

#endif
