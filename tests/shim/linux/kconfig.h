/* SPDX-License-Identifier: GPL-2.0 */
/* Copy: the kernel's build includes this before the first line of every file. */
#ifndef SHIM_LINUX_KCONFIG_H
#define SHIM_LINUX_KCONFIG_H

#ifdef __x86_64__
#define CONFIG_X86_64 1
#endif

#define __percpu

#endif
