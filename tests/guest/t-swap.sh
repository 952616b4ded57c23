# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-swap.sh - swap traffic of every kind, all of it verified
#
# machine: default
# minutes: 60

test_tmpfs_larger_than_memory_verifies_with_fio()
{
	start_store
	run_fio tmpfs-verify 450m
	stop_store
}

test_pages_rewritten_and_swapped_again_and_again_are_the_newest()
{
	start_store
	run_hog --mib 48 --passes 12 --workers 2 --rewrite 60 --pageout
	run_hog --mib 450 --passes 3 --rewrite 50 --zero 10 --same 10
	equal "lost pages" "$(counter lost)" 0
	stop_store
}

test_pages_changing_between_zero_and_not_are_the_newest()
{
	start_store
	# Its number and the seed decide whether a page is zeros, one repeated word,
	# or neither. So a page changes its kind with the seed.
	for seed in 11 22 33; do
		run_hog --mib 48 --passes 4 --seed $seed --zero 40 --same 40 --pageout
	done
	at_least "zero pages" "$(counter zero_pages)" 20000
	stop_store
}

test_huge_pages_are_swapped_out_as_bios()
{
	start_store
	echo always >/sys/kernel/mm/transparent_hugepage/enabled
	run_hog --mib 450 --passes 2 --workers 2 --huge
	equal "lost pages" "$(counter lost)" 0
	stop_store
}

# A page stored through frontswap is loaded, rewritten as part of a huge page, and
# then written as a bio, or the other way round. It must never be an older copy.
test_pages_changing_between_frontswap_and_bio_are_the_newest()
{
	start_store
	for huge in always never always never; do
		echo $huge >/sys/kernel/mm/transparent_hugepage/enabled
		run_hog --mib 64 --passes 4 --workers 2 --rewrite 50 --pageout --huge
		run_hog --mib 64 --passes 4 --workers 2 --rewrite 50 --pageout
	done
	at_least "huge pages offered" "$(counter rejects_compound)" 1
	equal "lost pages" "$(counter lost)" 0
	stop_store
}

test_zswap_beside_us_changes_nothing()
{
	start_store
	echo 1 >/sys/module/zswap/parameters/enabled
	run_hog --mib 450 --passes 2 --workers 2 --zero 10
	echo 0 >/sys/module/zswap/parameters/enabled
	at_least stores "$(counter stores)" 50000
	stop_store
}

test_full_region_lets_the_kernel_cope()
{
	start_store
	# More pages than slots, but enough of them are zero pages, which need none.
	run_hog --mib 1150 --passes 1 --zero 30
	equal "lost pages" "$(counter lost)" 0
	check_accounting
	stop_store
}

# The hog is small: while swapoff runs, what is in the swap cache cannot be
# reclaimed, so its memory may be needed twice.
test_swapoff_and_swapon_under_load()
{
	start_store
	start_hog --mib 80 --passes 30 --workers 2 --pageout
	for _ in 1 2 3 4; do
		sleep 2
		swap_off
		equal "pages held after swapoff" "$(counter pages)" 0
		swap_on
	done
	finish_hog
	equal "SIGBUS" "$hog_sigbus" 0
	stop_store
}

test_many_workers_fork_and_die_under_pressure()
{
	start_store
	hog --mib 200 --passes 50 --workers 8 >/tmp/endless.out 2>&1 &
	for _ in 1 2 3; do
		run_hog --mib 200 --passes 1 --workers 8
	done
	killall -9 hog
	wait
	stop_store
}
