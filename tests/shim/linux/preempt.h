/* SPDX-License-Identifier: GPL-2.0 */
/* Left out: a thread of the tests may be stopped anywhere, as if on another CPU. */
#ifndef SHIM_LINUX_PREEMPT_H
#define SHIM_LINUX_PREEMPT_H

#define preempt_disable()	do { } while (0)
#define preempt_enable()	do { } while (0)

#endif
