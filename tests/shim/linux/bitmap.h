/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: bitmaps. */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <limits.h>
#include <linux/types.h>
#include <string.h>

#define SHIM_LONG_BITS		(sizeof(unsigned long) * CHAR_BIT)
#define BITS_TO_LONGS(bits)	(((bits) + SHIM_LONG_BITS - 1) / SHIM_LONG_BITS)
#define DECLARE_BITMAP(name, bits)	unsigned long name[BITS_TO_LONGS(bits)]

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	memset(map, 0, BITS_TO_LONGS(bits) * sizeof(*map));
}

static inline void bitmap_copy(unsigned long *dst, const unsigned long *src,
			       unsigned int bits)
{
	memcpy(dst, src, BITS_TO_LONGS(bits) * sizeof(*dst));
}

static inline bool test_bit(unsigned long nr, const unsigned long *map)
{
	return map[nr / SHIM_LONG_BITS] >> nr % SHIM_LONG_BITS & 1;
}

static inline void __set_bit(unsigned long nr, unsigned long *map);

static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int bits)
{
	while (bits--)
		__set_bit(start++, map);
}

static inline void __set_bit(unsigned long nr, unsigned long *map)
{
	map[nr / SHIM_LONG_BITS] |= 1ul << nr % SHIM_LONG_BITS;
}

static inline bool __test_and_set_bit(unsigned long nr, unsigned long *map)
{
	bool was_set = test_bit(nr, map);

	__set_bit(nr, map);
	return was_set;
}

static inline void __clear_bit(unsigned long nr, unsigned long *map)
{
	map[nr / SHIM_LONG_BITS] &= ~(1ul << nr % SHIM_LONG_BITS);
}

static inline unsigned long find_next_bit(const unsigned long *map,
					  unsigned long bits, unsigned long nr)
{
	while (nr < bits) {
		unsigned long rest = map[nr / SHIM_LONG_BITS] >> nr % SHIM_LONG_BITS;

		if (rest) {
			nr += __builtin_ctzl(rest);
			break;
		}
		nr += SHIM_LONG_BITS - nr % SHIM_LONG_BITS;
	}
	return nr < bits ? nr : bits;
}

static inline unsigned long find_first_bit(const unsigned long *map,
					   unsigned long bits)
{
	return find_next_bit(map, bits, 0);
}

#define for_each_set_bit(bit, map, bits)				\
	for ((bit) = find_first_bit((map), (bits)); (bit) < (bits);	\
	     (bit) = find_next_bit((map), (bits), (bit) + 1))

static inline unsigned long find_last_bit(const unsigned long *map,
					  unsigned long bits)
{
	unsigned long nr = bits;

	while (nr)
		if (test_bit(--nr, map))
			return nr;
	return bits;
}

#endif
