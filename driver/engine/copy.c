// SPDX-License-Identifier: GPL-2.0
/*
 * copy.c - the bytes of one page: copied, checksummed, compared with zero
 *
 * The checksum of a page has four interleaved streams. Stream i is the CRC-32C of
 * the 64-bit words i, i + 4, i + 8 and so on. The checksum is the CRC-32C of the
 * four results. A CRC instruction takes three cycles, so one stream would be slower
 * than the copy; four streams are as fast. The instruction works on general
 * registers, so no FPU section is needed.
 */
#include <linux/kernel.h>
#include <linux/crc32c.h>
#include <linux/prefetch.h>
#include <linux/string.h>
#include <asm/byteorder.h>
#include <asm/cpufeature.h>
#include "../../layout/pmemswap_format.h"
#include "copy.h"

#define PSW_STREAMS	4
#define PSW_WORDS	(PSW_MEDIA_SLOT_BYTES / sizeof(u64))

static u32 psw_sum_streams_generic(const u64 crc[PSW_STREAMS])
{
	__le32 result[PSW_STREAMS];
	int i;

	for (i = 0; i < PSW_STREAMS; i++)
		result[i] = cpu_to_le32((u32)crc[i]);
	return crc32c(~0u, result, sizeof(result));
}

static u32 psw_page_sum_generic(const u64 *src)
{
	u64 crc[PSW_STREAMS] = { ~0u, ~0u, ~0u, ~0u };
	unsigned int i;

	for (i = 0; i < PSW_WORDS; i++)
		crc[i % PSW_STREAMS] = crc32c(crc[i % PSW_STREAMS], &src[i],
					      sizeof(src[i]));
	return psw_sum_streams_generic(crc);
}

static u32 psw_copy_page_sum_generic(u64 *dst, const u64 *src)
{
	u64 crc[PSW_STREAMS] = { ~0u, ~0u, ~0u, ~0u };
	u64 line[PSW_MEDIA_LINE_BYTES / sizeof(u64)];
	unsigned int i, j;

	for (i = 0; i < PSW_WORDS; i += ARRAY_SIZE(line)) {
		for (j = 0; j < ARRAY_SIZE(line); j++) {
			line[j] = READ_ONCE(src[i + j]);
			crc[j % PSW_STREAMS] = crc32c(crc[j % PSW_STREAMS],
						      &line[j], sizeof(line[j]));
		}
		memcpy_flushcache(dst + i, line, sizeof(line));
	}
	return psw_sum_streams_generic(crc);
}

#ifdef CONFIG_X86_64

/* Far enough ahead to hide the latency of memory, 512 bytes. */
#define PSW_PREFETCH_WORDS	64

static __always_inline void psw_crc_word(u64 *crc, u64 word)
{
	asm("crc32q %1, %0" : "+r" (*crc) : "rm" (word));
}

static __always_inline void psw_store_word(u64 *dst, u64 word)
{
	asm volatile("movnti %1, %0" : "=m" (*dst) : "r" (word));
}

/* The same as psw_sum_streams_generic(), without a call into the crypto layer. */
static u32 psw_sum_streams_sse42(const u64 crc[PSW_STREAMS])
{
	u64 sum = ~0u;

	psw_crc_word(&sum, crc[0] | crc[1] << 32);
	psw_crc_word(&sum, crc[2] | crc[3] << 32);
	return sum;
}

static u32 psw_copy_page_sum_sse42(u64 *dst, const u64 *src)
{
	u64 crc[PSW_STREAMS] = { ~0u, ~0u, ~0u, ~0u };
	unsigned int i, j;

	for (i = 0; i < PSW_WORDS; i += 8) {
		prefetch(src + i + PSW_PREFETCH_WORDS);
#pragma GCC unroll 8
		for (j = 0; j < 8; j++) {
			u64 word = READ_ONCE(src[i + j]);

			psw_crc_word(&crc[j % PSW_STREAMS], word);
			psw_store_word(dst + i + j, word);
		}
	}
	return psw_sum_streams_sse42(crc);
}

static u32 psw_page_sum_sse42(const u64 *src)
{
	u64 crc[PSW_STREAMS] = { ~0u, ~0u, ~0u, ~0u };
	unsigned int i, j;

	for (i = 0; i < PSW_WORDS; i += 8) {
#pragma GCC unroll 8
		for (j = 0; j < 8; j++)
			psw_crc_word(&crc[j % PSW_STREAMS], src[i + j]);
	}
	return psw_sum_streams_sse42(crc);
}

static bool psw_has_crc32(void)
{
	return boot_cpu_has(X86_FEATURE_XMM4_2);
}

#else

static u32 psw_copy_page_sum_sse42(u64 *dst, const u64 *src) { return 0; }
static u32 psw_page_sum_sse42(const u64 *src) { return 0; }
static bool psw_has_crc32(void) { return false; }

#endif

/**
 * psw_page_sum() - checksum of a page
 * @page: 4096 bytes, aligned to 8
 *
 * Context: any.
 * Return: the checksum that psw_copy_page_sum() returns for the same bytes.
 */
u32 psw_page_sum(const void *page)
{
	return psw_has_crc32() ? psw_page_sum_sse42(page) :
				 psw_page_sum_generic(page);
}

/**
 * psw_copy_page_sum() - copy a page to the medium with non-temporal stores
 * @dst: 4096 bytes on the medium, aligned to 8
 * @src: 4096 bytes, aligned to 8. Each byte is read once, so the checksum is that
 *	of what was written, even if @src changes at the same time.
 *
 * Context: any. A psw_pmem_fence() must follow before the page is published.
 * Return: the checksum of the page.
 */
u32 psw_copy_page_sum(void *dst, const void *src)
{
	return psw_has_crc32() ? psw_copy_page_sum_sse42(dst, src) :
				 psw_copy_page_sum_generic(dst, src);
}

/**
 * psw_page_is_zero() - see whether all bytes of a page are zero
 * @page: 4096 bytes, aligned to 8
 *
 * The last word is compared first: many pages begin with zeros and end with
 * something else.
 *
 * Context: any.
 */
bool psw_page_is_zero(const void *page)
{
	const u64 *words = page;
	unsigned int i, j;

	if (words[PSW_WORDS - 1])
		return false;
	for (i = 0; i < PSW_WORDS; i += 8) {
		u64 any = 0;

#pragma GCC unroll 8
		for (j = 0; j < 8; j++)
			any |= words[i + j];
		if (any)
			return false;
	}
	return true;
}
