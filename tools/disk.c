// SPDX-License-Identifier: GPL-2.0
/*
 * disk.c - the files in sysfs of the disk of an attached region
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "disk.h"
#include "message.h"

#define FILE_BYTES	256

static bool has_number(const char *path, dev_t rdev)
{
	unsigned int dev_major, dev_minor;
	FILE *file = fopen(path, "re");
	bool found;

	found = file && fscanf(file, "%u:%u", &dev_major, &dev_minor) == 2 &&
		makedev(dev_major, dev_minor) == rdev;
	if (file)
		fclose(file);
	return found;
}

/* @st is of the disk itself. */
static bool find_by_number(struct disk *disk, const struct stat *st)
{
	bool found = false;
	glob_t paths;
	size_t i;

	if (glob("/sys/block/pmemswap*/dev", 0, NULL, &paths))
		return false;
	for (i = 0; i < paths.gl_pathc && !found; i++) {
		found = has_number(paths.gl_pathv[i], st->st_rdev);
		if (found)
			snprintf(disk->name, sizeof(disk->name), "%.*s",
				 (int)strcspn(paths.gl_pathv[i] + 11, "/"),
				 paths.gl_pathv[i] + 11);
	}
	globfree(&paths);
	return found;
}

/* @path is of the device of an attached region, or of its disk. */
int disk_find(struct disk *disk, const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		int err = -errno;

		error("%s: %s", path, strerror(-err));
		return err;
	}
	if (holder_find_disk(&st, disk->name) ||
	    (S_ISBLK(st.st_mode) && find_by_number(disk, &st)))
		return 0;
	error("%s: is not attached; echo %s > /sys/class/pmemswap-control/attach", path,
	      path);
	return -ENODEV;
}

static void make_path(const struct disk *disk, const char *file, char path[FILE_BYTES])
{
	snprintf(path, FILE_BYTES, "/sys/block/%s/%s", disk->name, file);
}

/* A disk that vanishes was detached, or its device removed. */
int disk_read(const struct disk *disk, const char *file, __u64 *value)
{
	char path[FILE_BYTES];
	FILE *stream;
	bool ok;

	make_path(disk, file, path);
	stream = fopen(path, "re");
	ok = stream && fscanf(stream, "%llu", value) == 1;
	if (stream)
		fclose(stream);
	if (!ok)
		error("%s: cannot be read: the region was detached, or the module is older than this tool",
		      path);
	return ok ? 0 : -EIO;
}

int disk_write(const struct disk *disk, const char *file, const char *text)
{
	char path[FILE_BYTES];
	ssize_t put = -1;
	int fd, err = 0;

	make_path(disk, file, path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		put = write(fd, text, strlen(text));
	if (put < 0) {
		err = -errno;
		error("%s: cannot be written: %s", path, strerror(-err));
	}
	if (fd >= 0)
		close(fd);
	return err;
}
