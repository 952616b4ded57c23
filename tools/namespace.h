/* SPDX-License-Identifier: GPL-2.0 */
/*
 * namespace.h - the persistent-memory namespaces of this machine
 */
#ifndef PSW_TOOLS_NAMESPACE_H
#define PSW_TOOLS_NAMESPACE_H

#include <linux/types.h>

#define NAMESPACE_NAME_BYTES	64

/* A namespace, as libndctl and libdaxctl know it. */
struct namespace {
	char name[NAMESPACE_NAME_BYTES];	/* such as namespace0.0 */
	const char *mode;			/* fsdax, raw, sector or devdax */
	char device[NAMESPACE_NAME_BYTES];	/* such as /dev/pmem0, or empty */
	__u64 bytes;				/* of the device */
	int numa_node;				/* -1: unknown */
	const char *persistence;		/* what a power failure flushes */
};

/* Returns 0 to go on. Any other value ends the walk, which returns it. */
typedef int (*namespace_visit)(const struct namespace *ns, void *context);

int namespace_walk(namespace_visit visit, void *context);
int namespace_require_dax(const char *path, int fd);

#endif /* PSW_TOOLS_NAMESPACE_H */
