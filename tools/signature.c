// SPDX-License-Identifier: GPL-2.0
/*
 * signature.c - find and wipe foreign signatures, with libblkid
 *
 * libblkid reads and writes through the page cache, and not in whole blocks.
 * So it gets a descriptor without O_DIRECT. On a block device the cache is
 * written back and dropped before and after.
 */
#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "message.h"
#include "signature.h"

#define WIPES_MAX	64	/* more signatures than any device has */

static int drop_cache(const struct device *device, int fd)
{
	if (fsync(fd))
		return -errno;
	if (device->is_block && ioctl(fd, BLKFLSBUF, 0))
		return -errno;
	return 0;
}

static blkid_probe probe_new(int fd)
{
	blkid_probe probe = blkid_new_probe();

	if (!probe)
		return NULL;
	if (blkid_probe_set_device(probe, fd, 0, 0)) {
		blkid_free_probe(probe);
		return NULL;
	}
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_MAGIC | BLKID_SUBLKS_TYPE |
					  BLKID_SUBLKS_BADCSUM);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, BLKID_PARTS_MAGIC);
	return probe;
}

static void lookup(blkid_probe probe, const char *of_super, const char *of_table,
		   char *text, size_t bytes)
{
	const char *value = "unknown";

	if (blkid_probe_lookup_value(probe, of_super, &value, NULL))
		blkid_probe_lookup_value(probe, of_table, &value, NULL);
	snprintf(text, bytes, "%s", value);
}

/* Returns 1 and the signature, 0 if there is none, or -EIO. */
static int probe_next(blkid_probe probe, struct signature *signature)
{
	switch (blkid_do_probe(probe)) {
	case 0:
		lookup(probe, "TYPE", "PTTYPE", signature->type, sizeof(signature->type));
		lookup(probe, "SBMAGIC_OFFSET", "PTMAGIC_OFFSET", signature->off,
		       sizeof(signature->off));
		return 1;
	case 1:
		return 0;
	}
	return -EIO;
}

static int wipe_all(blkid_probe probe)
{
	struct signature signature;
	int ret, wipes;

	for (wipes = 0; wipes < WIPES_MAX; wipes++) {
		ret = probe_next(probe, &signature);
		if (ret <= 0)
			return ret;
		if (blkid_do_wipe(probe, 0))
			return -EIO;
	}
	return -ELOOP;
}

static int with_probe(const struct device *device, int flags, struct signature *signature)
{
	int fd, ret = -ENOMEM;
	blkid_probe probe;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", device->fd);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	probe = drop_cache(device, fd) ? NULL : probe_new(fd);
	if (probe) {
		ret = signature ? probe_next(probe, signature) : wipe_all(probe);
		blkid_free_probe(probe);
	}
	if (ret >= 0 && drop_cache(device, fd))
		ret = -EIO;
	close(fd);
	return ret;
}

/* Returns 1 if there is one, 0 if there is none. */
int signature_find(const struct device *device, struct signature *signature)
{
	int ret = with_probe(device, O_RDONLY, signature);

	if (ret < 0)
		error("%s: cannot look for foreign signatures: %s", device->path,
		      strerror(-ret));
	return ret;
}

/* Overwrites the magic of every signature. @device is open with DEVICE_WRITE. */
int signature_wipe(const struct device *device)
{
	int ret = with_probe(device, O_RDWR, NULL);

	if (ret < 0)
		error("%s: cannot wipe the foreign signatures: %s", device->path,
		      strerror(-ret));
	return ret;
}
