// SPDX-License-Identifier: GPL-2.0
/*
 * namespace.c - list the namespaces, and require DAX
 */
#include <daxctl/libdaxctl.h>
#include <errno.h>
#include <ndctl/libndctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "message.h"
#include "namespace.h"

static const char *persistence_of(struct ndctl_region *region)
{
	switch (ndctl_region_get_persistence_domain(region)) {
	case PERSISTENCE_NONE:
		return "none";
	case PERSISTENCE_MEM_CTRL:
		return "memory-controller";
	case PERSISTENCE_CPU_CACHE:
		return "cpu-cache";
	default:
		return "unknown";
	}
}

static void set_device(struct namespace *ns, const char *device)
{
	if (device && *device)
		snprintf(ns->device, sizeof(ns->device), "/dev/%s", device);
}

static void describe_dax(struct namespace *ns, struct ndctl_dax *dax)
{
	struct daxctl_region *region = ndctl_dax_get_daxctl_region(dax);
	struct daxctl_dev *dev = region ? daxctl_dev_get_first(region) : NULL;

	ns->mode = "devdax";
	ns->bytes = ndctl_dax_get_size(dax);
	if (dev)
		set_device(ns, daxctl_dev_get_devname(dev));
}

/* The mode of a namespace decides which libndctl object has device and size. */
static void describe(struct namespace *ns, struct ndctl_namespace *ndns)
{
	struct ndctl_btt *btt = ndctl_namespace_get_btt(ndns);
	struct ndctl_pfn *pfn = ndctl_namespace_get_pfn(ndns);
	struct ndctl_dax *dax = ndctl_namespace_get_dax(ndns);

	snprintf(ns->name, sizeof(ns->name), "%s", ndctl_namespace_get_devname(ndns));
	ns->numa_node = ndctl_namespace_get_numa_node(ndns);
	if (dax) {
		describe_dax(ns, dax);
	} else if (btt) {
		ns->mode = "sector";
		ns->bytes = ndctl_btt_get_size(btt);
		set_device(ns, ndctl_btt_get_block_device(btt));
	} else if (pfn) {
		ns->mode = "fsdax";
		ns->bytes = ndctl_pfn_get_size(pfn);
		set_device(ns, ndctl_pfn_get_block_device(pfn));
	} else {
		/* A legacy namespace, such as of e820, is fsdax without a pfn device. */
		ns->mode = ndctl_namespace_get_mode(ndns) == NDCTL_NS_MODE_FSDAX ?
			   "fsdax" : "raw";
		ns->bytes = ndctl_namespace_get_size(ndns);
		set_device(ns, ndctl_namespace_get_block_device(ndns));
	}
}

static int walk_region(struct ndctl_region *region, namespace_visit visit, void *context)
{
	struct ndctl_namespace *ndns;
	int ret;

	ndctl_namespace_foreach(region, ndns) {
		struct namespace ns = { .persistence = persistence_of(region) };

		/* An empty namespace is the seed that libndctl makes the next one from. */
		if (!ndctl_namespace_get_size(ndns))
			continue;
		describe(&ns, ndns);
		ret = visit(&ns, context);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Ends early when @visit returns non-zero, and returns that. A machine without
 * persistent memory has no namespaces, which is no error.
 */
int namespace_walk(namespace_visit visit, void *context)
{
	struct ndctl_region *region;
	struct ndctl_ctx *ctx;
	struct ndctl_bus *bus;
	int ret;

	ret = ndctl_new(&ctx);
	if (ret) {
		error("cannot list the namespaces: %s", strerror(-ret));
		return ret;
	}
	/* cppcheck-suppress unknownMacro */
	ndctl_bus_foreach(ctx, bus)
		ndctl_region_foreach(bus, region) {
			ret = walk_region(region, visit, context);
			if (ret)
				goto out;
		}
out:
	ndctl_unref(ctx);
	return ret;
}

static bool queue_has_dax(const struct stat *st)
{
	static const char *const where[] = { "queue/dax", "../queue/dax" };
	char path[128];
	FILE *file;
	int i, dax = 0;

	/* A partition has no queue of its own. */
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/%s",
			 major(st->st_rdev), minor(st->st_rdev), where[i]);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fscanf(file, "%d", &dax) != 1)
			dax = 0;
		fclose(file);
		break;
	}
	return dax == 1;
}

struct lookup {
	dev_t rdev;
	struct namespace ns;
};

static int match_device(const struct namespace *ns, void *context)
{
	struct lookup *lookup = context;
	struct stat st;

	if (stat(ns->device, &st) || !S_ISBLK(st.st_mode) || st.st_rdev != lookup->rdev)
		return 0;
	lookup->ns = *ns;
	return 1;
}

/* The module can map a block device only if it has DAX. */
int namespace_require_dax(const char *path, int fd)
{
	struct lookup lookup;
	struct stat st;

	if (fstat(fd, &st) || queue_has_dax(&st))
		return 0;
	lookup.rdev = st.st_rdev;
	if (namespace_walk(match_device, &lookup) == 1)
		error("%s: has no DAX, as %s is in %s mode; ndctl create-namespace -f -e %s -m fsdax --map=dev changes that (and destroys what is on it)",
		      path, lookup.ns.name, lookup.ns.mode, lookup.ns.name);
	else
		error("%s: has no DAX, so the module could not attach it; --force formats it nevertheless",
		      path);
	return -EOPNOTSUPP;
}
