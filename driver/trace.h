/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pmemswap

#if !defined(PSW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define PSW_TRACE_H

#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(pmemswap_page,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, u32 place),
	TP_ARGS(region, area, offset, place),
	TP_STRUCT__entry(
		__string(region, region)
		__field(u16, area)
		__field(pgoff_t, offset)
		__field(u32, place)
	),
	TP_fast_assign(
		__assign_str(region, region);
		__entry->area = area;
		__entry->offset = offset;
		__entry->place = place;
	),
	TP_printk("%s area=%u offset=%lu place=%#x", __get_str(region),
		  __entry->area, __entry->offset, __entry->place)
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

/* A page was accepted; the place is where it went. */
DEFINE_EVENT(pmemswap_page, pmemswap_store,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, u32 place),
	TP_ARGS(region, area, offset, place));

/* A page was dropped on request; the place is where it was. */
DEFINE_EVENT(pmemswap_page, pmemswap_invalidate,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, u32 place),
	TP_ARGS(region, area, offset, place));

/* A page was asked for; without error it was given. */
DEFINE_EVENT(pmemswap_result, pmemswap_load,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int error),
	TP_ARGS(region, area, offset, error));

/* A store was rejected, and why. */
DEFINE_EVENT(pmemswap_result, pmemswap_reject,
	TP_PROTO(const char *region, u16 area, pgoff_t offset, int error),
	TP_ARGS(region, area, offset, error));

#endif /* PSW_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
