/* SPDX-License-Identifier: GPL-2.0 */
/* Left out: tracepoints do nothing, but the compiler checks their arguments. */
#ifndef SHIM_LINUX_TRACEPOINT_H
#define SHIM_LINUX_TRACEPOINT_H

#define TP_PROTO(...)	__VA_ARGS__
#define TP_ARGS(...)	__VA_ARGS__

#define DECLARE_EVENT_CLASS(class, proto, ...)	\
	struct shim_event_class_##class

#define DEFINE_EVENT(class, event, proto, args)	\
	static inline void trace_##event(proto)	\
	{					\
	}					\
	struct shim_event_##event

#endif
