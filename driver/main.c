// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - the module: parameters, up and down
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include "attach.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static char *region[PSW_ATTACHMENTS_MAX];
static unsigned int regions_nr;
module_param_array(region, charp, &regions_nr, 0444);
MODULE_PARM_DESC(region, "Formatted pmem devices to attach, such as /dev/pmem0");

static char *areas = "own";
module_param(areas, charp, 0444);
MODULE_PARM_DESC(areas, "Whose pages to accept: own (default) for those of /dev/pmemswapN, any for those of every swap device");

static char *lost_page = "error";
module_param(lost_page, charp, 0444);
MODULE_PARM_DESC(lost_page, "With areas=any, what to do when a page of another device is lost: error (default) reads stale data from it, panic stops the machine");

bool psw_param_checksum = true;
module_param_named(checksum, psw_param_checksum, bool, 0444);
MODULE_PARM_DESC(checksum, "Verify each page that is loaded (default Y)");

bool psw_param_zero_pages = true;
module_param_named(zero_pages, psw_param_zero_pages, bool, 0444);
MODULE_PARM_DESC(zero_pages, "Keep pages of zeros in the index alone (default Y)");

static char *wear = "static";
module_param(wear, charp, 0444);
MODULE_PARM_DESC(wear, "Wear levelling: dynamic (a store goes to a least-worn free slot) or static (default; and pages that stay long are moved to worn slots)");

unsigned int psw_param_wear_gap;
module_param_named(wear_gap, psw_param_wear_gap, uint, 0444);
MODULE_PARM_DESC(wear_gap, "Page writes that a move has to even out at least (default 0: 64)");

unsigned int psw_param_wear_rate;
module_param_named(wear_rate, psw_param_wear_rate, uint, 0444);
MODULE_PARM_DESC(wear_rate, "Stores for each move at least (default 0: by age, 82 to 240)");

bool psw_areas_any;
enum psw_wear_mode psw_wear_mode;
enum psw_lost_page psw_lost_page;

static int __init psw_param_choose(const char *name, const char *value,
				   const char *const *choices, size_t choices_nr)
{
	int chosen = match_string(choices, choices_nr, value);

	if (chosen < 0)
		pr_err("parameter %s=%s: must be %s\n", name, value,
		       choices[choices_nr]);
	return chosen;
}

static int __init psw_params_parse(void)
{
	/* The last string of each is the choice in words. */
	static const char *const choices_of_areas[] = { "own", "any", "own or any" };
	static const char *const policies[] = { "error", "panic",
						"error or panic" };
	static const char *const modes[] = { "dynamic", "static",
					     "dynamic or static" };
	int chosen;

	chosen = psw_param_choose("areas", areas, choices_of_areas, 2);
	if (chosen < 0)
		return chosen;
	psw_areas_any = chosen;

	chosen = psw_param_choose("lost_page", lost_page, policies, 2);
	if (chosen < 0)
		return chosen;
	psw_lost_page = chosen;

	chosen = psw_param_choose("wear", wear, modes, 2);
	if (chosen < 0)
		return chosen;
	psw_wear_mode = chosen;
	return 0;
}

static int __init psw_regions_prepare(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < regions_nr; i++) {
		err = psw_attach_prepare(region[i]);
		if (err) {
			psw_attach_discard();
			return err;
		}
	}
	return 0;
}

/*
 * A disk that was published may be open, and frontswap is never left again:
 * both come when nothing can fail any more.
 */
static int __init psw_init(void)
{
	int err;

	err = psw_params_parse();
	if (err)
		return err;
	err = psw_blk_init();
	if (err)
		return err;
	err = psw_regions_prepare();
	if (err)
		goto blk_exit;
	err = psw_control_init();
	if (err)
		goto discard;

	psw_attach_publish();
	if (regions_nr)
		psw_frontswap_register();
	return 0;

discard:
	psw_attach_discard();
blk_exit:
	psw_blk_exit();
	return err;
}

/* Reached only while no region was ever attached: see psw_frontswap_register(). */
static void __exit psw_exit(void)
{
	psw_control_exit();
	psw_blk_exit();
}

module_init(psw_init);
module_exit(psw_exit);

MODULE_DESCRIPTION("Swap store for persistent memory");
MODULE_LICENSE("GPL v2");
