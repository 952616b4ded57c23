/* SPDX-License-Identifier: GPL-2.0 */
/*
 * namespace.h - the persistent-memory namespaces of this machine
 */
#ifndef PSW_TOOLS_NAMESPACE_H
#define PSW_TOOLS_NAMESPACE_H

#include <linux/types.h>

#define NAMESPACE_NAME_BYTES	64

/**
 * struct namespace - one namespace, as libndctl and libdaxctl know it
 * @name: such as "namespace0.0"
 * @mode: "fsdax", "raw", "sector" or "devdax"
 * @device: such as "/dev/pmem0"; empty if it has none now
 * @bytes: size of the device
 * @numa_node: its node, or -1
 * @persistence: what is flushed at a power failure: "none",
 *	"memory-controller", "cpu-cache" or "unknown"
 */
struct namespace {
	char name[NAMESPACE_NAME_BYTES];
	const char *mode;
	char device[NAMESPACE_NAME_BYTES];
	__u64 bytes;
	int numa_node;
	const char *persistence;
};

/* Wants the next namespace: 0; anything else ends the walk and is its result. */
typedef int (*namespace_visit)(const struct namespace *ns, void *context);

int namespace_walk(namespace_visit visit, void *context);
int namespace_require_dax(const char *path, int fd);

#endif /* PSW_TOOLS_NAMESPACE_H */
