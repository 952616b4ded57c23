# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-any.sh - areas=any: the region in front of another swap device, /dev/vdb
#
# machine: disk

# The region in front of /dev/vdb, nothing else to swap to.
start_any()
{
	clean_slate
	namespace 0
	format /dev/pmem0
	attach_pmem0 areas=any
	mkswap /dev/vdb
	swapon /dev/vdb
}

sectors_written()
{
	awk '{ print $7 }' /sys/block/vdb/stat
}

test_pages_of_another_device_are_stored()
{
	start_any
	before=$(sectors_written)
	start_held_hog --mib 64 --passes 1
	at_least "stores" "$(counter stores)" 16000
	at_most "sectors written to the other device" "$(($(sectors_written) - before))" 8192
	finish_hog
	at_least "loads" "$(counter loads)" 16000
	equal "wrong bytes" "$hog_wrong_bytes" 0
	swapoff /dev/vdb
	equal "pages held after swapoff" "$(counter pages)" 0
	detach
}

test_pages_that_do_not_fit_go_to_the_other_device()
{
	start_any
	run_hog --mib 450 --passes 3 --workers 2 --rewrite 70
	at_least "pages refused as full" "$(counter rejects_full)" 1
	swapoff /dev/vdb
	equal "pages held after swapoff" "$(counter pages)" 0
	detach
}

test_own_disk_and_another_device_do_not_mix_up_pages()
{
	start_any
	swapon -p 0 "/dev/$disk"
	swapoff /dev/vdb
	swapon -p 0 /dev/vdb
	run_hog --mib 300 --passes 3 --workers 2 --pageout
	swapoff /dev/vdb
	stop_store
}

# blkid, udev and others open a disk at any time, to read it.
test_disk_open_for_reading_leaves_the_slots_to_another_device()
{
	start_any
	dash -c "exec sleep 1000" <"/dev/$disk" &
	reader=$!
	start_held_hog --mib 32 --passes 1
	at_least "stores" "$(counter stores)" 8000
	equal "pages refused as full" "$(counter rejects_full)" 0
	kill $reader
	finish_hog
	swapoff /dev/vdb
	detach
}

test_disk_open_for_writing_takes_the_slots()
{
	start_any
	dash -c "exec sleep 1000" <>"/dev/$disk" &
	writer=$!
	run_hog --mib 32 --passes 1 --pageout
	equal "stores" "$(counter stores)" 0
	at_least "pages refused as full" "$(counter rejects_full)" 8000
	kill $writer
	swapoff /dev/vdb
	detach
}

test_detach_is_refused_while_pages_of_another_device_are_held()
{
	start_any
	start_held_hog --mib 32 --passes 1
	refused "Device or resource busy" "$control/detach" "$disk"
	finish_hog
	swapoff /dev/vdb
	detach
}

test_swapon_of_the_disk_warns_of_pages_of_another_device()
{
	start_any
	start_held_hog --mib 64 --passes 1
	mark_log
	swapon -p 10 "/dev/$disk"
	kernel_said "pmemswap: /dev/pmem0: [0-9]+ pages are held already"
	finish_hog
	swapoff "/dev/$disk"
	swapoff /dev/vdb
	detach
}

test_lost_page_of_another_device_panics()
{
	case $boot in
	1)
		start_any
		start_held_hog --mib 32 --passes 1 --seed 31
		corrupt_hog_pages /dev/pmem0 31 1000
		at_least "corrupted pages" "$corrupted_pages" 8
		expect_panic "is lost"
		finish_hog
		die "no panic" ;;
	*)
		# The machine is up again, and so is the region.
		attach_pmem0
		detach ;;
	esac
}
