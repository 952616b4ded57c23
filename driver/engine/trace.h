/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pmemswap

#if !defined(PSW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PSW_TRACE_H

#include <linux/tracepoint.h>
#include <linux/types.h>

DECLARE_EVENT_CLASS(pmemswap_slot,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int slot),
	TP_ARGS(region, area, offset, slot),
	TP_STRUCT__entry(
		__string(region, region)
		__field(u16, area)
		__field(pgoff_t, offset)
		__field(int, slot)
	),
	TP_fast_assign(
		__assign_str(region, region);
		__entry->area = area;
		__entry->offset = offset;
		__entry->slot = slot;
	),
	TP_printk("%s area=%u offset=%lu slot=%d", __get_str(region),
		  __entry->area, __entry->offset, __entry->slot)
);

DECLARE_EVENT_CLASS(pmemswap_result,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int error),
	TP_ARGS(region, area, offset, error),
	TP_STRUCT__entry(
		__string(region, region)
		__field(u16, area)
		__field(pgoff_t, offset)
		__field(int, error)
	),
	TP_fast_assign(
		__assign_str(region, region);
		__entry->area = area;
		__entry->offset = offset;
		__entry->error = error;
	),
	TP_printk("%s area=%u offset=%lu error=%d", __get_str(region),
		  __entry->area, __entry->offset, __entry->error)
);

/* A page was stored in a slot; slot -1 is a zero page. */
DEFINE_EVENT(pmemswap_slot, pmemswap_store,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int slot),
	TP_ARGS(region, area, offset, slot));

/* A page was dropped on request; slot -1 is a zero page or a lost one. */
DEFINE_EVENT(pmemswap_slot, pmemswap_invalidate,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int slot),
	TP_ARGS(region, area, offset, slot));

/* A load; error 0 means that it returned the page. */
DEFINE_EVENT(pmemswap_result, pmemswap_load,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int error),
	TP_ARGS(region, area, offset, error));

/* A store was rejected. */
DEFINE_EVENT(pmemswap_result, pmemswap_reject,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int error),
	TP_ARGS(region, area, offset, error));

#endif /* PSW_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
