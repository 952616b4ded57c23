# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-virtio-pmem.sh - a region on virtio-pmem, where writes are durable only after a flush
#
# machine: virtio-pmem

test_region_on_virtio_pmem_works_and_remembers()
{
	modprobe virtio_pmem
	load_pmem
	wait_until test -b /dev/pmem0
	case $boot in
	1)
		format /dev/pmem0 --label virtual
		load_module
		attach /dev/pmem0
		swap_on
		run_hog --mib 120 --passes 3 --workers 2 --pageout
		stop_store
		region_field /dev/pmem0 .wear.max >/share/wear
		lose_power ;;
	*)
		equal label "$(region_field /dev/pmem0 .region.label)" virtual
		equal state "$(region_field /dev/pmem0 .region.state)" clean
		equal "greatest wear" "$(region_field /dev/pmem0 .wear.max)" \
			"$(cat /share/wear)"
		load_module
		attach /dev/pmem0
		detach ;;
	esac
}
