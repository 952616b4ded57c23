// SPDX-License-Identifier: GPL-2.0
/*
 * power.c - hibernation, suspend, reboot and power-off
 *
 * What a region holds is dead after a boot. So hibernation is refused while pages
 * are in a region, or can get there: an image of memory would refer to pages that
 * are lost, or would be lost itself.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/suspend.h>
#include "attach.h"
#include "power.h"

static int psw_power_pm(struct notifier_block *block, unsigned long event,
			void *unused)
{
	if (event == PM_HIBERNATION_PREPARE)
		return notifier_from_errno(psw_attach_hibernate());
	return NOTIFY_DONE;
}

static struct notifier_block psw_pm_block = {
	.notifier_call = psw_power_pm,
};

/**
 * psw_power_init() - be told when the machine is about to go down
 *
 * Context: may sleep.
 * Return: 0 or an error.
 */
int __init psw_power_init(void)
{
	return register_pm_notifier(&psw_pm_block);
}

void psw_power_exit(void)
{
	unregister_pm_notifier(&psw_pm_block);
}
