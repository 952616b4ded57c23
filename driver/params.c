// SPDX-License-Identifier: GPL-2.0
/*
 * params.c - the module parameters
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/string.h>
#include "params.h"

struct psw_params psw_params = {
	.checksum = true,
	.zero_pages = true,
	.scrub_rate = 64,
};

module_param_array_named(region, psw_params.region, charp, &psw_params.regions_nr, 0444);
MODULE_PARM_DESC(region, "Formatted pmem devices to attach, such as /dev/pmem0");

static char *areas = "own";
module_param(areas, charp, 0444);
MODULE_PARM_DESC(areas, "Swap areas whose pages are accepted: own (default) for those of /dev/pmemswapN, any for every swap device");

static char *lost_page = "panic";
module_param(lost_page, charp, 0444);
MODULE_PARM_DESC(lost_page, "With areas=any, what to do when a page of another device is lost: panic (default) stops the machine, stale goes on with stale data of that device");

module_param_named(checksum, psw_params.checksum, bool, 0444);
MODULE_PARM_DESC(checksum, "Verify each page that is loaded (default Y)");

module_param_named(zero_pages, psw_params.zero_pages, bool, 0444);
MODULE_PARM_DESC(zero_pages, "Keep zero pages in the index alone (default Y)");

static char *wear = "static";
module_param(wear, charp, 0444);
MODULE_PARM_DESC(wear, "Wear levelling: dynamic stores to a least-worn free slot, static (default) also moves cold pages to worn slots");

module_param_named(wear_gap, psw_params.wear_gap, uint, 0444);
MODULE_PARM_DESC(wear_gap, "Page writes that a move must even out at least (default 0: 64)");

module_param_named(wear_rate, psw_params.wear_rate, uint, 0444);
MODULE_PARM_DESC(wear_rate, "Stores for each move (default 0: by age, 82 to 240)");

/* By default a scrub reads 128 GiB in half an hour. */
module_param_named(scrub_rate, psw_params.scrub_rate, uint, 0644);
MODULE_PARM_DESC(scrub_rate, "MiB that a scrub reads in a second (default 64; 0: no limit)");

/* The index of @value among two choices, or -EINVAL, which is logged. */
static int __init psw_params_choose(const char *name, const char *value,
				    const char *const choices[2])
{
	int chosen = match_string(choices, 2, value);

	if (chosen < 0)
		pr_err("parameter %s=%s: must be %s or %s\n", name, value,
		       choices[0], choices[1]);
	return chosen;
}

/**
 * psw_params_check() - check the parameters that are words
 *
 * Context: may sleep; when the module is loaded.
 * Return: 0, or -EINVAL, which is logged.
 */
int __init psw_params_check(void)
{
	static const char *const areas_choices[] = { "own", "any" };
	static const char *const lost_page_choices[] = { "panic", "stale" };
	static const char *const wear_choices[] = { "dynamic", "static" };
	int chosen;

	chosen = psw_params_choose("areas", areas, areas_choices);
	if (chosen < 0)
		return chosen;
	psw_params.areas_any = chosen;

	chosen = psw_params_choose("lost_page", lost_page, lost_page_choices);
	if (chosen < 0)
		return chosen;
	psw_params.lost_page = chosen;
	if (psw_params.areas_any && chosen == PSW_LOST_PAGE_STALE)
		pr_warn("lost_page=stale: a program whose page of another swap device is lost goes on with stale data, and is not told\n");

	chosen = psw_params_choose("wear", wear, wear_choices);
	if (chosen < 0)
		return chosen;
	psw_params.wear_mode = chosen;
	return 0;
}
