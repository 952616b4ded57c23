// SPDX-License-Identifier: GPL-2.0
/*
 * report.c - the results of a run
 *
 * Lifetime is a share of the ideal: accepted stores, divided by the number of slots
 * and by the writes of the most written line of the medium. Moves, metadata and hot
 * spots make it smaller.
 */
#include <stdio.h>
#include "report.h"

struct report {
	double lifetime;
	double extra_moves;
	double extra_metadata;
	double max_over_mean_data;
	double max_line_metadata_over_mean_data;
};

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

static struct report report_of(const struct machine *machine)
{
	const struct meter *meter = &machine->meter;
	const struct psw_geometry *geo = &machine->geo;
	struct meter_range data = meter_range(meter, geo->data_off,
					      geo->super_off[1]);
	struct meter_range head = meter_range(meter, 0, geo->data_off);
	struct meter_range tail = meter_range(meter, geo->super_off[1],
					      geo->region_bytes);

	return (struct report) {
		.lifetime = share((double)machine->stores,
				  (double)geo->slots_nr * meter->max),
		.extra_moves = share((double)machine->moves,
				     (double)machine->stores),
		.extra_metadata = share((double)meter->bytes_meta,
					(double)meter->bytes_data +
						(double)meter->bytes_meta),
		.max_over_mean_data = share(data.max, data.mean),
		.max_line_metadata_over_mean_data =
			share(max(head.max, tail.max), data.mean),
	};
}

void report_print_head(void)
{
	printf("%-16s %9s %9s %9s %9s %9s %10s %9s\n", "workload", "lifetime",
	       "moves", "metadata", "data max", "meta max", "stores", "rejected");
	printf("%-16s %9s %9s %9s %9s %9s %10s %9s\n", "", "of ideal",
	       "of stores", "of bytes", "/mean", "/mean", "", "");
}

void report_print(const char *name, const struct machine *machine)
{
	struct report report = report_of(machine);

	printf("%-16s %9.4f %8.3f%% %8.3f%% %9.4f %9.4f %10llu %9llu\n", name,
	       report.lifetime, 100 * report.extra_moves,
	       100 * report.extra_metadata, report.max_over_mean_data,
	       report.max_line_metadata_over_mean_data,
	       (unsigned long long)machine->stores,
	       (unsigned long long)machine->rejected);
	fflush(stdout);
}

struct json_object *report_json(const char *name, const struct machine *machine,
				u32 rounds)
{
	struct report report = report_of(machine);
	struct json_object *json = json_object_new_object();

#define add(field, value) json_object_object_add(json, field, value)
	add("workload", json_object_new_string(name));
	add("lifetime", json_object_new_double(report.lifetime));
	add("extra_moves", json_object_new_double(report.extra_moves));
	add("extra_metadata", json_object_new_double(report.extra_metadata));
	add("max_over_mean_data",
	    json_object_new_double(report.max_over_mean_data));
	add("max_line_metadata_over_mean_data",
	    json_object_new_double(report.max_line_metadata_over_mean_data));
	add("rounds", json_object_new_int64(rounds));
	add("slots", json_object_new_int64((int64_t)machine->geo.slots_nr));
	add("stores", json_object_new_int64((int64_t)machine->stores));
	add("rejected", json_object_new_int64((int64_t)machine->rejected));
#undef add
	return json;
}
