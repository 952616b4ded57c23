/* SPDX-License-Identifier: GPL-2.0 */
/* Left out: the limit. Every message is logged. */
#ifndef SHIM_LINUX_RATELIMIT_H
#define SHIM_LINUX_RATELIMIT_H

#include <linux/printk.h>

#define pr_err_ratelimited	pr_err

#endif
