# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-labelled.sh - several namespaces in one NVDIMM, told apart by its labels
#
# machine: small

test_two_namespaces_of_one_nvdimm_are_two_regions()
{
	load_pmem
	if [ "$boot" = 1 ]; then
		wait_until ls /sys/bus/nd/devices/namespace0.0 >/dev/null
		split_nvdimm 96M 96M
	fi
	wait_until sh -c 'ls /dev/pmem0 /dev/pmem0.1 2>/dev/null ||
		ls /dev/pmem0.1 /dev/pmem0.2' >/dev/null
	namespaces 0 blockdev >/tmp/namespaces
	equal "namespaces" "$(wc -l </tmp/namespaces)" 2
	load_module
	while read -r pmem; do
		[ "$boot" -gt 1 ] || format "/dev/$pmem" --label "$pmem"
		attach "/dev/$pmem"
		swapon -p 10 "/dev/$disk"
	done </tmp/namespaces
	run_hog --mib 150 --passes 2 --pageout
	while read -r pmem; do
		disk=$(disk_of "/dev/$pmem")
		at_least "stores" "$(counter stores)" 5000
		equal label "$(counter label)" "$pmem"
		stop_store
	done </tmp/namespaces
	[ "$boot" -gt 1 ] || reboot
}
