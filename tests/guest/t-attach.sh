# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-attach.sh - an attached region: disk, sysfs, detach, what the medium keeps
#
# machine: small

# medium_figures - identity and wear as pmemswap-fmt finds them
medium_figures()
{
	region_field /dev/pmem0 '[.region.uuid, .region.label, .life.slot_writes,
		.wear.min, .wear.max, (.wear.mean * 1000 | floor)] | tostring'
}

test_detach_and_attach_keep_identity_and_wear()
{
	start_store --label kept
	run_hog --mib 64 --passes 2 --pageout
	uuid=$(counter uuid)
	swap_off
	detach
	wear=$(medium_wear /dev/pmem0)
	figures=$(medium_figures)
	equal "state" "$(region_field /dev/pmem0 .region.state)" clean
	at_least "slot writes" "$(region_field /dev/pmem0 .life.slot_writes)" 16384
	pmemswap-fmt check /dev/pmem0

	attach /dev/pmem0
	equal uuid "$(counter uuid)" "$uuid"
	equal label "$(counter label)" kept
	equal wear "$(wear_counters)" "$wear"
	detach
	equal "figures on the medium" "$(medium_figures)" "$figures"
}

test_detach_is_refused_while_swapped_on()
{
	start_store
	run_hog --mib 16 --passes 1 --pageout
	mark_log
	refused "Device or resource busy" "$control/detach" "$disk"
	kernel_said "/dev/$disk is in use"
	run_hog --mib 16 --passes 1 --pageout
	stop_store
}

test_detach_is_refused_while_pages_are_held()
{
	start_store
	swap_off
	dd if=/dev/urandom of="/dev/$disk" bs=4096 seek=1 count=100 oflag=direct
	equal "pages held" "$(counter pages)" 100
	mark_log
	refused "Device or resource busy" "$control/detach" "$disk"
	kernel_said "100 pages are held"
	discard
	equal "pages held after discard" "$(counter pages)" 0
	detach
}

test_pages_written_to_the_disk_read_back()
{
	start_store
	swap_off
	dd if=/dev/urandom of=/tmp/want bs=4096 count=1000
	for _ in 1 2 3; do
		dd if=/tmp/want of="/dev/$disk" bs=64k seek=4096 oflag=direct,seek_bytes
		dd if="/dev/$disk" of=/tmp/got bs=64k skip=4096 count=4096000 \
			iflag=direct,skip_bytes,count_bytes
		cmp /tmp/want /tmp/got
	done
	equal "pages held" "$(counter pages)" 1000
	check_accounting
	# They take no room from swap, because it replaces them.
	mark_log
	swap_on
	! log_since_mark | grep "are held already" || die "warned of its own pages"
	swap_off
	discard
	equal "slots used after discard" "$(counter slots_used)" 0
	detach
}

test_empty_pages_of_the_disk_read_as_zeros()
{
	start_store
	swap_off
	dd if="/dev/$disk" of=/tmp/got bs=4096 skip=7 count=100 iflag=direct
	dd if=/dev/zero bs=4096 count=100 | cmp - /tmp/got
	equal "lost pages" "$(counter lost)" 0
	detach
}

test_only_pages_of_zeros_need_no_slot()
{
	start_store
	swap_off
	dd if=/dev/zero of="/dev/$disk" bs=4096 seek=5 count=10 oflag=direct
	equal "pages held" "$(counter pages)" 10
	equal "zero pages" "$(counter zero_pages)" 10
	equal "slots used" "$(counter slots_used)" 0
	# Pages of one repeated word that is not zero are pages like any other.
	tr '\0' x </dev/zero | dd of=/tmp/want bs=4096 count=10 iflag=fullblock
	dd if=/tmp/want of="/dev/$disk" bs=4096 seek=10 oflag=direct
	equal "pages held" "$(counter pages)" 15
	equal "slots used" "$(counter slots_used)" 10
	dd if="/dev/$disk" of=/tmp/got bs=4096 skip=5 count=15 iflag=direct
	{
		dd if=/dev/zero bs=4096 count=5
		cat /tmp/want
	} | cmp - /tmp/got
	discard
	detach
}

test_lost_page_read_from_the_disk_is_an_io_error()
{
	start_store
	swap_off
	dd if=/dev/urandom of=/tmp/want bs=4096 count=10
	dd if=/tmp/want of="/dev/$disk" bs=4096 seek=5 oflag=direct
	tagged_pages 1 >/tmp/page
	dd if=/tmp/page of="/dev/$disk" bs=4096 seek=20 oflag=direct
	find_tagged_pages /dev/pmem0 >/tmp/victims
	equal "copies on the medium" "$(wc -l </tmp/victims)" 1
	corrupt_blocks /dev/pmem0 </tmp/victims
	! dd if="/dev/$disk" of=/tmp/got bs=4096 skip=20 count=1 iflag=direct ||
		die "a corrupted page was read"
	equal "lost pages" "$(counter lost)" 1
	dd if="/dev/$disk" of=/tmp/got bs=4096 skip=5 count=10 iflag=direct
	cmp /tmp/want /tmp/got
	# Written anew, the page is there again.
	dd if=/tmp/want of="/dev/$disk" bs=4096 seek=20 count=1 oflag=direct
	dd if="/dev/$disk" of=/tmp/got bs=4096 skip=20 count=1 iflag=direct
	dd if=/tmp/want bs=4096 count=1 | cmp - /tmp/got
	discard
	detach
}

test_read_only_device_is_refused_by_that_name()
{
	clean_slate
	namespace 0
	format /dev/pmem0
	load_module
	blockdev --setro /dev/pmem0
	mark_log
	refused "Permission denied" "$control/attach" /dev/pmem0
	kernel_said "/dev/pmem0: it is read-only"
	blockdev --setrw /dev/pmem0
	attach /dev/pmem0
	detach
}

test_mkswap_on_the_disk_works()
{
	start_store
	swap_off
	mkswap -L fresh "/dev/$disk"
	# The label of a swap header.
	equal "label" "$(dd if="/dev/$disk" bs=1 skip=1052 count=5)" fresh
	swap_on
	run_hog --mib 64 --passes 1 --pageout
	at_least stores "$(counter stores)" 16000
	stop_store
}

test_disk_is_a_swap_area_with_the_name_of_its_region()
{
	start_store --label named
	blkid -p "/dev/$disk" >/tmp/blkid
	grep 'TYPE="swap"' /tmp/blkid
	grep 'LABEL="named"' /tmp/blkid
	grep "UUID=\"$(counter uuid)\"" /tmp/blkid
	equal uuid "$(counter uuid)" "$(region_field /dev/pmem0 .region.uuid)"
	stop_store
}

test_sysfs_is_readable_by_an_unprivileged_user()
{
	start_store
	for file in region uuid label stores loads invalidates zero_pages lost \
		rejects_full rejects_memory rejects_compound rejects_closing \
		pages slots slots_used slots_free slots_bad slots_reserved \
		wear_min wear_mean wear_max media_bytes_written \
		metadata_bytes_written; do
		setpriv --reuid 65534 --regid 65534 --clear-groups \
			cat "/sys/block/$disk/$file" >/tmp/value
		[ "$file" = label ] || [ -s /tmp/value ] || die "$file is empty"
		equal "lines in $file" "$(wc -l </tmp/value)" 1
	done
	! setpriv --reuid 65534 --regid 65534 --clear-groups \
		sh -c "echo 0 >$control/detach" || die "anyone may detach"
	stop_store
}

test_counters_agree_with_each_other()
{
	start_store
	start_held_hog --mib 64 --passes 1 --zero 50
	held=$(counter pages)
	at_least "pages held" "$held" 16000
	at_most "slots used" "$(counter slots_used)" 9000
	at_least "zero pages" "$(counter zero_pages)" 7000
	finish_hog
	swap_off
	equal "pages held after swapoff" "$(counter pages)" 0
	equal "slots used after swapoff" "$(counter slots_used)" 0
	equal "invalidates" "$(counter invalidates)" "$(counter stores)"
	check_accounting
	media=$(counter media_bytes_written)
	at_least "bytes written" "$media" \
		"$((($(counter stores) - $(counter zero_pages)) * 4096))"
	detach
}

test_tracepoints_fire()
{
	start_store
	grep -q " /sys/kernel/tracing " /proc/mounts || mount -t tracefs tracefs /sys/kernel/tracing
	events=/sys/kernel/tracing/events/pmemswap
	: >/sys/kernel/tracing/trace
	echo 1 >$events/enable
	run_hog --mib 16 --passes 1 --pageout
	echo 0 >$events/enable
	for event in pmemswap_store pmemswap_load pmemswap_invalidate; do
		test -d $events/$event
		grep -q "$event:" /sys/kernel/tracing/trace || die "no $event in the trace"
	done
	test -d $events/pmemswap_reject
	stop_store
}

# A round is as many stores as there are slots. In each the table is written once,
# and little else.
test_table_is_written_once_a_round()
{
	clean_slate
	namespace 0
	format_anew /dev/pmem0
	load_module
	attach /dev/pmem0
	swap_on
	run_hog --mib 200 --passes 5 --pageout
	stored=$(counter stores)
	rounds=$((stored / $(counter slots)))
	at_least rounds "$rounds" 3
	metadata=$(counter metadata_bytes_written)
	stop_store
	generation=$(region_field /dev/pmem0 '[.table.copies[].generation] | max')
	at_least "writes of the table" "$generation" "$((rounds - 1))"
	at_most "writes of the table" "$generation" "$((rounds + 2))"
	table=$(($(region_field /dev/pmem0 .table.blocks) * 4096))
	at_most "bytes of metadata" "$metadata" "$(((rounds + 1) * table + 1048576))"
}

test_bad_blocks_are_left_alone()
{
	clean_slate
	namespace 0
	format_anew /dev/pmem0
	load_module
	first=$(($(region_field /dev/pmem0 .region.data_offset) / 512))
	# Slots 10 and 11, and one sector of slot 20.
	echo "$((first + 80)) 16" >/sys/block/pmem0/badblocks
	echo "$((first + 163)) 1" >/sys/block/pmem0/badblocks
	attach /dev/pmem0
	equal "bad slots" "$(counter slots_bad)" 3
	swap_on
	run_hog --mib 250 --passes 2
	equal "lost pages" "$(counter lost)" 0
	check_accounting
	stop_store
	equal "bad slots on the medium" \
		"$(region_field /dev/pmem0 '[.bad_slots[].slot] | sort | tostring')" "[10,11,20]"
}

test_retired_slots_stay_retired()
{
	[ "$boot" -gt 1 ] || reboot
	# The kernel has forgotten its bad blocks; the region has not.
	attach_pmem0
	equal "bad slots" "$(counter slots_bad)" 3
	detach
}

# The kernel learns of bad blocks while pages are swapped. Pages that are in them are
# lost without a read, and none of their slots is used again.
test_bad_blocks_that_appear_under_load_are_left_alone()
{
	clean_slate
	namespace 0
	format_anew /dev/pmem0
	attach_pmem0
	swap_on
	first=$(($(region_field /dev/pmem0 .region.data_offset) / 512))
	start_held_hog --mib 100 --passes 1
	# 16 slots, where the hog has pages.
	echo "$((first + 8 * 1000)) 128" >/sys/block/pmem0/badblocks
	# The sweep runs when the next stores come.
	run_hog --mib 32 --passes 2 --pageout
	wait_until slots_are_retired 16
	finish_hog
	equal "lost pages" "$(counter lost)" "$hog_sigbus"
	at_most "lost pages" "$hog_sigbus" 16
	stop_store
	equal "bad slots on the medium" \
		"$(region_field /dev/pmem0 '.bad_slots | length')" 16
}

slots_are_retired()
{
	[ "$(counter slots_bad)" = "$1" ]
}
