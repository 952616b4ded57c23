# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-overflow.sh - a small region, and a swap device of lower priority
#
# machine: disk

test_full_region_overflows_to_a_device_of_lower_priority()
{
	start_store
	swapoff "/dev/$disk"
	swapon -p 20 "/dev/$disk"
	mkswap /dev/vdb
	swapon -p 10 /dev/vdb
	run_hog --mib 450 --passes 2 --workers 2
	at_least stores "$(counter stores)" 30000
	at_least "KiB on /dev/vdb" \
		"$(awk '$1 == "/dev/vdb" { print $4 }' /proc/swaps)" 0
	at_least "sectors written to /dev/vdb" \
		"$(awk '{ print $7 }' /sys/block/vdb/stat)" 100000
	equal "lost pages" "$(counter lost)" 0
	swapoff /dev/vdb
	stop_store
}

test_pages_move_to_another_device_at_swapoff()
{
	start_store
	mkswap /dev/vdb
	swapon -p -2 /dev/vdb 2>/dev/null || swapon /dev/vdb
	start_held_hog --mib 100 --passes 1
	swap_off
	equal "pages held after swapoff" "$(counter pages)" 0
	finish_hog
	swapoff /dev/vdb
	detach
}
