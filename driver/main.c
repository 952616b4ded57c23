// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - load and unload the module
 */
#include <linux/module.h>
#include "attach.h"
#include "control.h"
#include "disk.h"
#include "params.h"
#include "power.h"

static int __init psw_regions_prepare(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < psw_params.regions_nr; i++) {
		err = psw_attach_prepare(psw_params.region[i]);
		if (err) {
			psw_attach_discard();
			return err;
		}
	}
	return 0;
}

/*
 * A disk that was published may be open, and a frontswap backend cannot be
 * unregistered. So both are done last, when nothing can fail any more.
 */
static int __init psw_init(void)
{
	int err;

	err = psw_params_check();
	if (err)
		return err;
	err = psw_disk_init();
	if (err)
		return err;
	err = psw_regions_prepare();
	if (err)
		goto disk_exit;
	err = psw_power_init();
	if (err)
		goto discard;
	err = psw_control_init();
	if (err)
		goto power_exit;
	psw_attach_publish();
	return 0;

power_exit:
	psw_power_exit();
discard:
	psw_attach_discard();
disk_exit:
	psw_disk_exit();
	return err;
}

/* Only called if no region was ever attached: see psw_frontswap_register(). */
static void __exit psw_exit(void)
{
	psw_control_exit();
	psw_power_exit();
	psw_disk_exit();
}

module_init(psw_init);
module_exit(psw_exit);

MODULE_AUTHOR("The pmemswap authors");
MODULE_DESCRIPTION("Swap store for persistent memory");
MODULE_VERSION(PSW_VERSION);
MODULE_LICENSE("GPL v2");
