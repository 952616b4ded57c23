# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-memory.sh - attach when the slots of a region do not fit in memory
#
# machine: large

available_mib()
{
	echo $(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
}

# A program that has nothing to do with the region uses nearly all memory. It must
# survive, and the log of the kernel may not have a word of the OOM killer.
test_attach_of_a_region_too_large_for_memory_harms_no_program()
{
	clean_slate
	namespace 0
	format_anew /dev/pmem0
	load_module
	mark_log
	start_hog --mib $(($(available_mib) - 20)) --passes 1 --wait-for /tmp/go
	wait_until hog_is_large
	refused "Cannot allocate memory|Out of memory" "$control/attach" /dev/pmem0
	kernel_said "pmemswap: /dev/pmem0: not enough memory: 3[0-9] MiB are needed for its slots"
	! log_since_mark | grep -q "oom-killer" || die "the OOM killer was called"
	finish_hog

	# With the memory back, the region can be attached.
	attach /dev/pmem0
	detach
}

hog_is_large()
{
	[ "$(available_mib)" -lt 30 ]
}
