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

# On 5.10 swapoff retries a lost page of a tmpfs for ever, so the file is removed first.
test_lost_pages_of_a_tmpfs_are_read_errors()
{
	start_store
	mount -t tmpfs -o size=16m tmpfs /mnt
	tagged_pages 300 >/share/file
	in_evictable cp /share/file /mnt/file
	evict
	find_tagged_pages /dev/pmem0 >/tmp/victims
	at_least "pages of the file on the medium" "$(wc -l </tmp/victims)" 50
	corrupt_blocks /dev/pmem0 </tmp/victims

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
