// SPDX-License-Identifier: GPL-2.0
/*
 * power.c - hibernation, suspend, reboot and power-off
 *
 * What a region holds is dead after a boot. So hibernation is refused while pages
 * are in a region, or can get there: an image of memory would refer to pages that
 * are lost, or would be lost itself.
 *
 * Nobody detaches at shutdown, and a machine that sleeps may never wake up. So the
 * slot table is written before either: the wear since the last checkpoint survives.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/suspend.h>
#include "attach.h"
#include "power.h"

static int psw_power_pm(struct notifier_block *block, unsigned long event,
			void *unused)
{
	if (event == PM_HIBERNATION_PREPARE)
		return notifier_from_errno(psw_attach_hibernate());
	if (event == PM_SUSPEND_PREPARE)
		psw_attach_suspend();
	return NOTIFY_DONE;
}

static int psw_power_reboot(struct notifier_block *block, unsigned long event,
			    void *unused)
{
	psw_attach_shutdown();
	return NOTIFY_DONE;
}

static struct notifier_block psw_pm_block = {
	.notifier_call = psw_power_pm,
};

static struct notifier_block psw_reboot_block = {
	.notifier_call = psw_power_reboot,
};

/**
 * psw_power_init() - be told when the machine is about to go down
 *
 * Context: may sleep.
 * Return: 0 or an error.
 */
int __init psw_power_init(void)
{
	int err = register_pm_notifier(&psw_pm_block);

	if (err)
		return err;
	err = register_reboot_notifier(&psw_reboot_block);
	if (err)
		unregister_pm_notifier(&psw_pm_block);
	return err;
}

void psw_power_exit(void)
{
	unregister_reboot_notifier(&psw_reboot_block);
	unregister_pm_notifier(&psw_pm_block);
}
