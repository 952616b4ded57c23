# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-e820.sh - a region on memory that the command line calls persistent
#
# machine: e820

test_region_on_a_memmap_range_works()
{
	modprobe -a nd_e820 nd_pmem
	wait_until test -b /dev/pmem0
	format /dev/pmem0
	load_module
	attach /dev/pmem0
	swap_on
	run_hog --mib 100 --passes 3 --workers 2 --pageout
	at_least stores "$(counter stores)" 70000
	stop_store
}
