// SPDX-License-Identifier: GPL-2.0
/*
 * test_copy.c - copy and checksum of a page, compared with a bitwise CRC
 */
#include "rig.h"

/* CRC-32C by its definition: polynomial 0x1edc6f41, reflected. */
static u32 crc_bits(u32 crc, const void *data, size_t bytes)
{
	const u8 *byte = data;
	size_t i;
	int bit;

	for (i = 0; i < bytes; i++) {
		crc ^= byte[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return crc;
}

static u32 sum_bits(const struct page_buffer *page)
{
	__le32 result[4];
	unsigned int stream, i;

	for (stream = 0; stream < 4; stream++) {
		u32 crc = ~0u;

		for (i = stream; i < PAGE_WORDS; i += 4)
			crc = crc_bits(crc, &page->word[i], sizeof(u64));
		result[stream] = cpu_to_le32(crc);
	}
	return crc_bits(~0u, result, sizeof(result));
}

static int reset_knobs(void **state)
{
	shim_cpu_generic(false);
	shim_pmem_observe(NULL);
	return 0;
}

#define copy_test(test)	cmocka_unit_test_teardown(test, reset_knobs)

/* Each implementation of the sum must agree with sum_bits(). */
static void check_page(const struct page_buffer *page)
{
	u32 expected = sum_bits(page);
	struct page_buffer copy;
	int generic;

	for (generic = 0; generic < 2; generic++) {
		shim_cpu_generic(generic);
		assert_int_equal(psw_page_sum(page), expected);
		memset(&copy, 0xee, sizeof(copy));
		assert_int_equal(psw_copy_page_sum(&copy, page), expected);
		assert_memory_equal(&copy, page, sizeof(copy));
	}
}

static void all_implementations_of_the_sum_agree_with_a_bitwise_crc(void **state)
{
	struct page_buffer page;
	u64 random = 1;
	unsigned int i, j;

	for (i = 0; i < 50; i++) {
		for (j = 0; j < PAGE_WORDS; j++)
			page.word[j] = random_next(&random);
		check_page(&page);
	}
	page_same(&page, 0);
	check_page(&page);
	page_same(&page, ~0ull);
	check_page(&page);
}

static void the_sum_of_a_page_of_zeros_is_what_the_format_says(void **state)
{
	struct page_buffer page;

	/* This is the format: a change here makes old regions unreadable. */
	page_same(&page, 0);
	assert_int_equal(psw_page_sum(&page), sum_bits(&page));
	assert_int_not_equal(psw_page_sum(&page), 0);
}

static void any_flipped_bit_changes_the_sum(void **state)
{
	struct page_buffer page;
	unsigned int bit;
	u32 sum;

	page_fill(&page, 1, 2);
	sum = psw_page_sum(&page);
	for (bit = 0; bit < PAGE_BYTES * 8; bit++) {
		page.word[bit / 64] ^= 1ull << bit % 64;
		assert_int_not_equal(psw_page_sum(&page), sum);
		page.word[bit / 64] ^= 1ull << bit % 64;
	}
}

static void swapped_words_change_the_sum(void **state)
{
	struct page_buffer page;
	unsigned int i;
	u32 sum;

	page_fill(&page, 3, 4);
	sum = psw_page_sum(&page);
	for (i = 0; i + 8 < PAGE_WORDS; i++) {
		swap(page.word[i], page.word[i + 1 + i % 8]);
		assert_int_not_equal(psw_page_sum(&page), sum);
		swap(page.word[i], page.word[i + 1 + i % 8]);
	}
}

/* Change the source as soon as it was copied. */
static void change_after_store(void *context, void *dst, const void *src,
			       size_t bytes)
{
	memcpy(dst, src, bytes);
	((struct page_buffer *)context)->word[100] ^= 1;
}

static void no_fence(void *context)
{
}

static void the_sum_covers_what_was_written_even_if_the_source_changes(void **state)
{
	struct page_buffer src, dst;
	const struct shim_pmem_observer observer = {
		.store = change_after_store,
		.fence = no_fence,
		.context = &src,
	};
	u32 sum;

	page_fill(&src, 5, 6);
	shim_pmem_observe(&observer);
	sum = psw_copy_page_sum(&dst, &src);
	shim_pmem_observe(NULL);
	assert_int_equal(sum, sum_bits(&dst));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		copy_test(all_implementations_of_the_sum_agree_with_a_bitwise_crc),
		copy_test(the_sum_of_a_page_of_zeros_is_what_the_format_says),
		copy_test(any_flipped_bit_changes_the_sum),
		copy_test(swapped_words_change_the_sum),
		copy_test(the_sum_covers_what_was_written_even_if_the_source_changes),
	};

	return rig_main("copy", tests);
}
