# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-scrub.sh - a scrub finds lost pages before a program needs them
#
# machine: small

scrub_rate=/sys/module/pmemswap/parameters/scrub_rate

# start_scrub RATE - in MiB a second; 0 for no limit
start_scrub()
{
	echo "$1" >$scrub_rate
	echo 1 >"/sys/block/$disk/scrub"
}

scrub_is_over()
{
	[ "$(counter scrub)" = 0 ]
}

test_scrub_finds_all_losses_before_a_page_is_touched()
{
	start_store
	equal "rate of a scrub" "$(cat $scrub_rate)" 64
	start_held_hog --mib 64 --passes 1 --seed 77
	corrupt_hog_pages /dev/pmem0 77 50
	at_least "corrupted pages" "$corrupted_pages" 300
	equal "lost pages" "$(counter lost)" 0

	loads=$(counter loads)
	start_scrub 64
	wait_until scrub_is_over
	equal "lost pages held" "$(counter pages_lost)" "$corrupted_pages"
	equal "lost pages" "$(counter lost)" "$corrupted_pages"
	equal "bad slots" "$(counter slots_bad)" "$corrupted_pages"
	at_least "slots read" "$(counter scrub_slots)" 15000
	equal loads "$(counter loads)" "$loads"

	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$corrupted_pages"
	equal "lost pages" "$(counter lost)" "$corrupted_pages"
	swap_off
	equal "lost pages held" "$(counter pages_lost)" 0
	check_accounting
	detach
}

test_scrub_of_good_pages_under_load_finds_nothing()
{
	start_store
	start_hog --mib 220 --passes 3 --workers 2
	for _ in $(seq 5); do
		start_scrub 0
		wait_until scrub_is_over
	done
	finish_hog
	equal "SIGBUS" "$hog_sigbus" 0
	equal "lost pages" "$(counter lost)" 0
	stop_store
}

test_scrub_can_be_stopped_and_does_not_hinder_a_detach()
{
	start_store
	start_held_hog --mib 64 --passes 1
	start_scrub 1
	equal "scrub" "$(counter scrub)" 1
	refused 'Invalid|EINVAL' "/sys/block/$disk/scrub" maybe
	echo 0 >"/sys/block/$disk/scrub"
	equal "scrub" "$(counter scrub)" 0
	start_scrub 1
	finish_hog
	stop_store
}

test_scrub_ends_when_the_device_is_removed()
{
	start_store
	start_held_hog --mib 64 --passes 1
	start_scrub 1
	mark_log
	bound=$(basename "$(echo /sys/bus/nd/drivers/nd_pmem/*0.*)")
	echo "$bound" >/sys/bus/nd/drivers/nd_pmem/unbind
	wait_until scrub_is_over
	kernel_said 'scrub stopped, as the device was removed'
	end_hog
	swap_off
	detach
	kernel_said "cannot write the slot table"
	[ "$boot" -gt 1 ] || reboot
}
