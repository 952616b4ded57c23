// SPDX-License-Identifier: GPL-2.0
/*
 * io.c - read and write a slot, with the checksum of its page
 */
#include <linux/kernel.h>
#include "io.h"
#include "meta.h"
#include "region.h"

/**
 * psw_slot_write() - write a page to a slot
 * @area: the swap area of the page
 * @offset: which page of it
 * @slot: the slot; the caller owns it
 * @src: 4096 bytes, aligned to 8
 *
 * Context: any; inside psw_pmem_enter(). The page is fenced on return.
 */
void psw_slot_write(struct psw_area *area, pgoff_t offset, u32 slot,
		    const void *src)
{
	struct psw_region *region = area->region;
	struct psw_slot_info *info = &region->slots.info[slot];
	u32 wear = info->wear == U32_MAX ? U32_MAX : info->wear + 1;
	u32 sum;

	/*
	 * A load that sees a new byte must see the new wear; a load that sees the
	 * new wear must not see the entry of the page that was here before. So
	 * this needs a barrier on both sides. The one behind it must order stores
	 * that are non-temporal, which smp_wmb() does not do on x86. The one
	 * before it must order an exchange by another CPU, which freed the slot.
	 * load.c has the whole order.
	 */
	xchg(&info->wear, wear);

	sum = psw_pmem_write_page(region->pmem, psw_slot_off(&region->geo, slot),
				  src, region->options.verify);
	WRITE_ONCE(info->sum, sum);
	WRITE_ONCE(info->owner_page, (u32)offset);
	WRITE_ONCE(info->owner_area, area->number);
	WRITE_ONCE(info->round, (u8)READ_ONCE(region->rounds));
	psw_pmem_fence();
	psw_region_count(region, PSW_STAT_SLOT_WRITES, 1);
}

/**
 * psw_slot_read() - read the page in a slot
 * @region: the region
 * @slot: the slot
 * @dst: 4096 bytes, aligned to 8
 *
 * Context: any; inside psw_pmem_enter().
 * Return: 0, or what is wrong with the page: PSW_MEDIA_BAD_UNREADABLE or
 *	PSW_MEDIA_BAD_CHECKSUM. A slot that is written at the same time may
 *	have a wrong checksum.
 */
u32 psw_slot_read(struct psw_region *region, u32 slot, void *dst)
{
	u64 off = psw_slot_off(&region->geo, slot);
	u32 sum = READ_ONCE(region->slots.info[slot].sum);

	if (psw_meta_bad_changed(region) &&
	    psw_meta_is_bad(region, off, PSW_MEDIA_SLOT_BYTES))
		return PSW_MEDIA_BAD_UNREADABLE;
	if (psw_pmem_read(region->pmem, off, dst, PSW_MEDIA_SLOT_BYTES))
		return PSW_MEDIA_BAD_UNREADABLE;
	if (region->options.verify && psw_page_sum(dst) != sum)
		return PSW_MEDIA_BAD_CHECKSUM;
	return 0;
}
