// SPDX-License-Identifier: GPL-2.0
/*
 * holder.c - find out who uses a device or an image file
 *
 * The answer is for the error message. It also protects image files, which
 * have no exclusive open. A block device is protected by O_EXCL in device.c.
 */
#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "holder.h"

static bool same_node(const struct stat *a, const char *path)
{
	struct stat b;

	if (stat(path, &b) || (a->st_mode & S_IFMT) != (b.st_mode & S_IFMT))
		return false;
	return S_ISBLK(a->st_mode) ? a->st_rdev == b.st_rdev :
	       a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

/* In these files the kernel writes a blank of a path as \040. */
static void unescape(char *path)
{
	char *to = path;
	unsigned int code;

	for (; *path; path++) {
		if (*path == '\\' && sscanf(path + 1, "%3o", &code) == 1) {
			*to++ = (char)code;
			path += 3;
		} else {
			*to++ = *path;
		}
	}
	*to = '\0';
}

static bool read_line(const char *path, char *line, size_t bytes)
{
	FILE *file = fopen(path, "re");
	bool ok = file && fgets(line, (int)bytes, file);

	if (file)
		fclose(file);
	if (ok)
		line[strcspn(line, "\n")] = '\0';
	return ok;
}

static bool find_mount(const struct stat *st, char *text)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	unsigned int dev_major, dev_minor;
	char *line = NULL, where[4096];
	size_t bytes = 0;
	bool found = false;

	while (file && !found && getline(&line, &bytes, file) > 0) {
		if (sscanf(line, "%*d %*d %u:%u %*s %4095s", &dev_major, &dev_minor,
			   where) != 3)
			continue;
		found = st->st_rdev == makedev(dev_major, dev_minor);
	}
	if (found) {
		unescape(where);
		snprintf(text, HOLDER_TEXT_BYTES, "it is mounted on %.400s", where);
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

static bool find_swap(const struct stat *st, char *text)
{
	FILE *file = fopen("/proc/swaps", "re");
	char *line = NULL, path[4096];
	size_t bytes = 0;
	bool found = false;

	while (file && !found && getline(&line, &bytes, file) > 0) {
		if (line[0] != '/' || sscanf(line, "%4095s", path) != 1)
			continue;
		unescape(path);
		found = same_node(st, path);
	}
	if (found)
		snprintf(text, HOLDER_TEXT_BYTES,
			 "it is swapped on; swapoff %.400s first", path);
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* A device-mapper, md or bcache device that is made of this one. */
static bool find_stacked(const struct stat *st, char *text)
{
	char path[128];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/holders",
		 major(st->st_rdev), minor(st->st_rdev));
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		found = entry->d_name[0] != '.';
		if (found)
			snprintf(text, HOLDER_TEXT_BYTES, "it is part of /dev/%s",
				 entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

static bool find_loop(const struct stat *st, char *text)
{
	char backing[4096];
	bool found = false;
	glob_t loops;
	size_t i;

	if (glob("/sys/block/loop*/loop/backing_file", 0, NULL, &loops))
		return false;
	for (i = 0; i < loops.gl_pathc && !found; i++) {
		if (!read_line(loops.gl_pathv[i], backing, sizeof(backing)) ||
		    !same_node(st, backing))
			continue;
		found = true;
		snprintf(text, HOLDER_TEXT_BYTES, "it is the backing file of /dev/%.*s",
			 (int)strcspn(loops.gl_pathv[i] + 11, "/"),
			 loops.gl_pathv[i] + 11);
	}
	globfree(&loops);
	return found;
}

/* The disk that a region is attached as, such as "pmemswap0". @st is of its device. */
bool holder_find_disk(const struct stat *st, char name[HOLDER_DISK_BYTES])
{
	char region[4096];
	bool found = false;
	glob_t disks;
	size_t i;

	if (glob("/sys/block/pmemswap*/region", 0, NULL, &disks))
		return false;
	for (i = 0; i < disks.gl_pathc && !found; i++) {
		if (!read_line(disks.gl_pathv[i], region, sizeof(region)) ||
		    !same_node(st, region))
			continue;
		found = true;
		snprintf(name, HOLDER_DISK_BYTES, "%.*s",
			 (int)strcspn(disks.gl_pathv[i] + 11, "/"),
			 disks.gl_pathv[i] + 11);
	}
	globfree(&disks);
	return found;
}

/* @text says who uses the device or file, and what to do about it. */
bool holder_find(const struct stat *st, char text[HOLDER_TEXT_BYTES])
{
	char disk[HOLDER_DISK_BYTES];

	if (S_ISREG(st->st_mode))
		return find_swap(st, text) || find_loop(st, text);
	if (!S_ISBLK(st->st_mode))
		return false;
	if (holder_find_disk(st, disk)) {
		snprintf(text, HOLDER_TEXT_BYTES,
			 "it is attached as /dev/%s; swapoff it, then echo %s > /sys/class/pmemswap-control/detach",
			 disk, disk);
		return true;
	}
	return find_mount(st, text) || find_swap(st, text) || find_stacked(st, text);
}
