/* SPDX-License-Identifier: GPL-2.0 */
/* Stub: no message is left out. */
#ifndef SHIM_LINUX_RATELIMIT_H
#define SHIM_LINUX_RATELIMIT_H

#include <linux/printk.h>

#define pr_err_ratelimited	pr_err

#endif
