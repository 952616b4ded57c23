# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-lost.sh - a page that the medium lost is an error, never wrong bytes
#
# machine: small

test_lost_pages_raise_sigbus_with_zero_wrong_bytes()
{
	start_store
	start_held_hog --mib 64 --passes 1 --seed 99
	corrupt_hog_pages /dev/pmem0 99 50
	at_least "corrupted pages" "$corrupted_pages" 300
	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$corrupted_pages"
	equal "lost pages" "$(counter lost)" "$corrupted_pages"
	equal "bad slots" "$(counter slots_bad)" "$corrupted_pages"
	check_accounting
}

test_region_works_on_after_losses()
{
	find_disk /dev/pmem0
	lost=$(counter lost)
	run_hog --mib 220 --passes 3 --workers 2
	equal "lost pages" "$(counter lost)" "$lost"
	stop_store
	at_least "bad slots on the medium" \
		"$(region_field /dev/pmem0 '.bad_slots | length')" 300
	pmemswap-fmt check /dev/pmem0
}

# check_sigbus_after_swapoff - of a held hog with corrupted pages: swapoff succeeds, and
# then each of these pages raises SIGBUS; no memory is spent on that
check_sigbus_after_swapoff()
{
	mark_log
	swap_off
	kernel_said "swapoff finds lost pages"
	equal "pages held after swapoff" "$(counter pages)" 0
	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$corrupted_pages"
	equal "poisoned memory in kB" \
		"$(awk '/HardwareCorrupted/ { print $2 }' /proc/meminfo)" 0
	check_accounting
	detach
}

test_swapoff_that_finds_lost_pages_leaves_sigbus()
{
	start_store
	start_held_hog --mib 64 --passes 1 --seed 77
	corrupt_hog_pages /dev/pmem0 77 50
	at_least "corrupted pages" "$corrupted_pages" 300
	check_sigbus_after_swapoff
}

# pages_of_hog MIB - number of the first page of the held hog's memory, by its size
pages_of_hog()
{
	while IFS='- ' read -r from to _; do
		[ "$(((0x$to - 0x$from) >> 20))" != "$1" ] || echo "$((0x$from / 4096))"
	done <"/proc/$hog_worker/maps"
}

# peek_at_hog MIB - reads all pages of the held hog, as a debugger does. Lost ones then
# stay in the swap cache, where swapoff finds them. Sets peek_errors.
peek_at_hog()
{
	hog_worker=$(tr -d ' ' <"/proc/$hog_pid/task/$hog_pid/children")
	dd if="/proc/$hog_worker/mem" of=/dev/null bs=4096 skip="$(pages_of_hog "$1")" \
		count="$(($1 * 256))" conv=noerror 2>/tmp/peek.log || :
	peek_errors=$(grep -c "Input/output error" /tmp/peek.log)
}

test_swapoff_that_finds_lost_pages_in_the_swap_cache_leaves_sigbus()
{
	start_store
	start_held_hog --mib 16 --passes 1 --seed 78
	corrupt_hog_pages /dev/pmem0 78 50
	at_least "corrupted pages" "$corrupted_pages" 70
	peek_at_hog 16
	equal "pages that could not be read" "$peek_errors" "$corrupted_pages"
	equal "lost pages" "$(counter lost)" "$corrupted_pages"
	swap_off
	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$corrupted_pages"
	detach
}

read_errors_since_mark()
{
	log_since_mark | grep -c "Read-error on swap-device" || :
}

# A page that nothing keeps has to be read again.
test_memory_of_lost_pages_is_reclaimed_while_no_swapoff_runs()
{
	start_store
	start_held_hog --mib 16 --passes 1 --seed 81
	corrupt_hog_pages /dev/pmem0 81 50
	at_least "corrupted pages" "$corrupted_pages" 70
	peek_at_hog 16
	run_hog --mib 400 --passes 1
	mark_log
	peek_at_hog 16
	at_least "pages read again" "$(read_errors_since_mark)" "$((corrupted_pages / 2))"
	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$corrupted_pages"
	stop_store
}

test_swapoff_that_finds_lost_pages_of_huge_pages_leaves_sigbus()
{
	start_store
	echo always >/sys/kernel/mm/transparent_hugepage/enabled
	start_held_hog --mib 64 --passes 1 --seed 79 --huge
	at_least "huge pages offered" "$(counter rejects_compound)" 1
	corrupt_hog_pages /dev/pmem0 79 50
	at_least "corrupted pages" "$corrupted_pages" 300
	check_sigbus_after_swapoff
}

compact_forever()
{
	while :; do
		echo 1 >/proc/sys/vm/compact_memory
	done
}

# Compaction takes pages from their LRU lists, and unmaps them for a while.
test_swapoff_beside_compaction_leaves_sigbus()
{
	start_store
	start_held_hog --mib 64 --passes 1 --seed 82
	corrupt_hog_pages /dev/pmem0 82 5
	at_least "corrupted pages" "$corrupted_pages" 3000
	compact_forever &
	compaction_pid=$!
	check_sigbus_after_swapoff
	kill $compaction_pid
}

test_swapoff_that_finds_lost_pages_of_two_processes_leaves_sigbus_in_both()
{
	start_store
	start_held_hog --mib 16 --passes 1 --seed 80 --share
	corrupt_hog_pages /dev/pmem0 80 50
	at_least "corrupted pages" "$corrupted_pages" 70
	swap_off
	finish_hog
	equal "SIGBUS" "$hog_sigbus" "$((2 * corrupted_pages))"
	detach
}

test_single_flipped_bit_is_noticed()
{
	start_store
	start_held_hog --mib 16 --passes 1 --seed 55
	block=$(find_pages /dev/pmem0 55 | awk '$1 == 1000 { print $2 }')
	dd if=/dev/pmem0 of=/tmp/page bs=4096 skip="$block" count=1 iflag=direct
	byte=$(od -An -tu1 -j 4095 -N 1 /tmp/page)
	# shellcheck disable=SC2059 # an octal escape is a format
	printf "\\$(printf %o $((byte ^ 1)))" |
		dd of=/tmp/page bs=1 seek=4095 conv=notrunc
	dd if=/tmp/page of=/dev/pmem0 bs=4096 seek="$block" oflag=direct conv=notrunc
	finish_hog
	equal "SIGBUS" "$hog_sigbus" 1
	equal "wrong bytes" "$hog_wrong_bytes" 0
	stop_store
}

# corrupt_tmpfs - mounts a tmpfs with a file that is swapped out, and corrupts its pages
corrupt_tmpfs()
{
	mount -t tmpfs -o size=16m tmpfs /mnt
	tagged_pages 300 >/share/file
	in_evictable cp /share/file /mnt/file
	evict
	find_tagged_pages /dev/pmem0 >/tmp/victims
	at_least "pages of the file on the medium" "$(wc -l </tmp/victims)" 50
	corrupt_blocks /dev/pmem0 </tmp/victims
}

warned_of_swapoff()
{
	log_since_mark | grep -q "swapoff finds lost pages.*delete those files"
}

# 5.10 retries a lost page of a tmpfs for ever.
test_swapoff_ends_when_the_tmpfs_file_with_lost_pages_is_deleted()
{
	start_store
	corrupt_tmpfs
	mark_log
	swap_off &
	swapoff_pid=$!
	wait_until warned_of_swapoff
	sleep 2
	kill -0 $swapoff_pid || die "swapoff ended with lost pages of a tmpfs"
	rm /mnt/file /share/file
	wait $swapoff_pid
	equal "pages held after swapoff" "$(counter pages)" 0
	umount /mnt
	detach
}

# The file is removed before swapoff, for the same reason.
test_lost_pages_of_a_tmpfs_are_read_errors()
{
	start_store
	corrupt_tmpfs
	errors=0
	for page in $(seq 0 299); do
		if dd if=/mnt/file of=/tmp/got bs=4096 skip="$page" count=1 2>/dev/null; then
			dd if=/share/file bs=4096 skip="$page" count=1 2>/dev/null |
				cmp - /tmp/got || die "page $page is wrong"
		else
			errors=$((errors + 1))
		fi
	done
	at_least "read errors" "$errors" 50
	equal "lost pages" "$(counter lost)" "$errors"
	rm /mnt/file /share/file
	umount /mnt
	stop_store
}
