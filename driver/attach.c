// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - the regions that are attached
 *
 * psw_attach_lock serialises attach and detach. It is outside every lock of the
 * hooks and of the engine. A store or load uses a region inside rcu_read_lock(). So
 * a detach makes the region unreachable, waits for a grace period, and then checks
 * that it holds no page.
 */
#define pr_fmt(fmt) "pmemswap: " fmt

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include "attach.h"
#include "attachment.h"
#include "engine/store.h"
#include "hook_frontswap.h"
#include "params.h"

static DEFINE_MUTEX(psw_attach_lock);
static LIST_HEAD(psw_attachments);

static struct psw_attachment *psw_attachment_find(int id)
{
	struct psw_attachment *attachment;

	list_for_each_entry(attachment, &psw_attachments, link)
		if (attachment->id == id)
			return attachment;
	return NULL;
}

/* Foreign areas are served by the region that has been attached longest. */
static void psw_attach_choose_home(void)
{
	struct psw_attachment *first =
		list_first_entry_or_null(&psw_attachments,
					 struct psw_attachment, link);

	psw_frontswap_set_home(first && first->disk.published ?
			       first->region : NULL);
}

static int psw_attach_prepare_locked(const char *path)
{
	struct psw_attachment *attachment;
	int id = 0;
	int err;

	while (psw_attachment_find(id))
		id++;
	if (id >= PSW_REGIONS_MAX) {
		pr_err("%s: %d regions are attached already, no more can be\n",
		       path, PSW_REGIONS_MAX);
		return -ENOSPC;
	}
	err = psw_attachment_open(&attachment, path, id);
	if (!err)
		list_add_tail(&attachment->link, &psw_attachments);
	return err;
}

/* The region is quiesced, or was never published. */
static void psw_attach_remove(struct psw_attachment *attachment)
{
	list_del(&attachment->link);
	psw_attach_choose_home();
	psw_attachment_close(attachment);
}

/*
 * A disk that cannot be added is detached again, but the kernel may still refer to it.
 * So the module stays loaded in either case. Return: 0 or the first error.
 */
static int psw_attach_publish_locked(void)
{
	struct psw_attachment *attachment, *next;
	bool published = false;
	int err = 0;

	list_for_each_entry_safe(attachment, next, &psw_attachments, link) {
		int one;

		if (attachment->disk.published)
			continue;
		one = psw_attachment_publish(attachment);
		published = true;
		if (one && !psw_disk_close(&attachment->disk))
			psw_attach_remove(attachment);
		err = err ? err : one;
	}
	if (published) {
		psw_attach_choose_home();
		psw_frontswap_register();
	}
	return err;
}

/**
 * psw_attach_prepare() - take all steps of an attach that can fail
 * @path: the device
 *
 * The disk is not visible before psw_attach_publish(). Until then,
 * psw_attach_discard() undoes everything.
 *
 * Context: may sleep.
 * Return: 0, or an error that the log explains.
 */
int psw_attach_prepare(const char *path)
{
	int err;

	mutex_lock(&psw_attach_lock);
	err = psw_attach_prepare_locked(path);
	mutex_unlock(&psw_attach_lock);
	return err;
}

/**
 * psw_attach_publish() - make the prepared regions visible to everybody
 *
 * A region whose disk cannot be added is detached again, and the log says so.
 *
 * Context: may sleep.
 */
void psw_attach_publish(void)
{
	mutex_lock(&psw_attach_lock);
	psw_attach_publish_locked();
	mutex_unlock(&psw_attach_lock);
}

/**
 * psw_attach() - attach the region on a device
 * @path: the device
 *
 * Context: may sleep.
 * Return: 0, or an error that the log explains.
 */
int psw_attach(const char *path)
{
	int err;

	mutex_lock(&psw_attach_lock);
	err = psw_attach_prepare_locked(path);
	if (!err)
		err = psw_attach_publish_locked();
	mutex_unlock(&psw_attach_lock);
	return err;
}

static int psw_detach_locked(struct psw_attachment *attachment)
{
	int err = psw_attachment_quiesce(attachment);

	if (!err)
		psw_attach_remove(attachment);
	return err;
}

/**
 * psw_detach() - detach a region
 * @id: the N of /dev/pmemswapN
 *
 * If the slot table cannot be written, because the device failed or was removed,
 * the log says so, and the region is detached all the same.
 *
 * Context: may sleep.
 * Return: 0; -EBUSY if it holds pages or its disk is open; -ENODEV if there
 *	is no such region.
 */
int psw_detach(int id)
{
	struct psw_attachment *attachment;
	int err = -ENODEV;

	mutex_lock(&psw_attach_lock);
	attachment = psw_attachment_find(id);
	if (attachment)
		err = psw_detach_locked(attachment);
	else
		pr_err("pmemswap%d is not attached\n", id);
	mutex_unlock(&psw_attach_lock);
	return err;
}

/**
 * psw_attach_hibernate() - see whether the machine may hibernate
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY if a region is in use; the log says which.
 */
int psw_attach_hibernate(void)
{
	struct psw_attachment *attachment;
	int err = 0;

	mutex_lock(&psw_attach_lock);
	list_for_each_entry(attachment, &psw_attachments, link) {
		if (!psw_attachment_in_use(attachment))
			continue;
		pr_err("%s: in use, and its pages do not survive a boot, so hibernation is refused: swapoff /dev/pmemswap%d first\n",
		       attachment->path, attachment->id);
		err = -EBUSY;
	}
	mutex_unlock(&psw_attach_lock);
	return err;
}

/**
 * psw_attach_shutdown() - write what has to survive before the power goes
 *
 * Context: may sleep; the machine goes down. It shall not hang for an attach or a
 * detach that does, so there is nothing to do if one is under way.
 */
void psw_attach_shutdown(void)
{
	struct psw_attachment *attachment;

	if (!mutex_trylock(&psw_attach_lock))
		return;
	list_for_each_entry(attachment, &psw_attachments, link)
		psw_attachment_shutdown(attachment);
	mutex_unlock(&psw_attach_lock);
}

/**
 * psw_attach_suspend() - write what has to survive if the machine never wakes up
 *
 * Context: may sleep.
 */
void psw_attach_suspend(void)
{
	struct psw_attachment *attachment;

	mutex_lock(&psw_attach_lock);
	list_for_each_entry(attachment, &psw_attachments, link)
		psw_region_checkpoint(attachment->region);
	mutex_unlock(&psw_attach_lock);
}

/**
 * psw_attach_discard() - detach what was prepared and not published
 *
 * Context: may sleep.
 */
void psw_attach_discard(void)
{
	struct psw_attachment *attachment, *next;

	mutex_lock(&psw_attach_lock);
	list_for_each_entry_safe(attachment, next, &psw_attachments, link)
		if (!attachment->disk.published)
			psw_attach_remove(attachment);
	mutex_unlock(&psw_attach_lock);
}
