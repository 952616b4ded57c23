// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - attach and detach through sysfs: /sys/class/pmemswap-control
 *
 *	echo /dev/pmem0 > attach
 *	echo pmemswap0 > detach
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include "attach.h"
#include "control.h"

static ssize_t attach_store(struct class *class, struct class_attribute *attr,
			    const char *buf, size_t count)
{
	char *path;
	int err;

	/* sysfs holds no reference to the module. An attach may pin it for good. */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	err = -ENOMEM;
	path = kstrndup(buf, count, GFP_KERNEL);
	if (path)
		err = psw_attach(strim(path));
	kfree(path);
	module_put(THIS_MODULE);
	return err ? err : count;
}
static CLASS_ATTR_WO(attach);

static ssize_t detach_store(struct class *class, struct class_attribute *attr,
			    const char *buf, size_t count)
{
	static const char prefix[] = "pmemswap";
	unsigned int id;
	int err;

	if (!strncmp(buf, prefix, strlen(prefix)))
		buf += strlen(prefix);
	err = kstrtouint(buf, 10, &id);
	if (err)
		return err;
	err = psw_detach(min_t(unsigned int, id, INT_MAX));
	return err ? err : count;
}
static CLASS_ATTR_WO(detach);

static struct attribute *psw_control_attrs[] = {
	&class_attr_attach.attr,
	&class_attr_detach.attr,
	NULL,
};
ATTRIBUTE_GROUPS(psw_control);

static struct class psw_control_class = {
	.name = "pmemswap-control",
	.owner = THIS_MODULE,
	.class_groups = psw_control_groups,
};

int __init psw_control_init(void)
{
	return class_register(&psw_control_class);
}

void psw_control_exit(void)
{
	class_unregister(&psw_control_class);
}
