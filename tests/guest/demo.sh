# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh - the steps of the demo in the guest; each needs the steps before it
#
# Figures go to /share/summary/, one file each.
#
# machine: default
# minutes: 60

# note NAME VALUE - a figure of the summary
note()
{
	mkdir -p /share/summary
	echo "$2" >"/share/summary/$1"
}

# add_to NAME NUMBER - to a figure of the summary
add_to()
{
	note "$1" "$(($(cat "/share/summary/$1" 2>/dev/null || echo 0) + $2))"
}

# The counters of the attached region.
note_counters()
{
	for figure in stores loads invalidates zero_pages lost; do
		note "$figure" "$(counter $figure)"
	done
	note rejected "$(rejects)"
}

# What must be the same before and after a reboot.
persistent_figures()
{
	pmemswap-fmt inspect --json /dev/pmem0 |
		jq '{ uuid: .region.uuid, label: .region.label,
		      slot_writes: .life.slot_writes, lost_pages: .life.lost_pages,
		      min: .wear.min, mean: .wear.mean, max: .wear.max,
		      bad_slots: [.bad_slots[].slot] }'
}

test_region_is_formatted_attached_and_swapped_on()
{
	namespace 0
	pmemswap-fmt format --label demo /dev/pmem0
	modprobe pmemswap region=/dev/pmem0
	find_disk /dev/pmem0
	swap_on
	grep "/dev/$disk" /proc/swaps
}

test_fio_verifies_every_block_of_a_tmpfs_larger_than_memory()
{
	find_disk /dev/pmem0
	run_fio tmpfs-verify 500m
	add_to fio_verify_errors "$(fio_errors "$fio_report")"
}

test_fio_verifies_every_block_of_a_shared_mapping_larger_than_memory()
{
	find_disk /dev/pmem0
	run_fio mmap-verify 250m
	add_to fio_verify_errors "$(fio_errors "$fio_report")"
}

test_hog_verifies_every_byte_of_anonymous_memory_larger_than_ram()
{
	find_disk /dev/pmem0
	start_hog --mib 500 --passes 2 --workers 2 --zero 10 --same 5
	end_hog
	add_to wrong_bytes "$hog_wrong_bytes"
	equal "wrong bytes" "$hog_wrong_bytes" 0
	at_least "zero pages" "$(counter zero_pages)" 10000
}

test_corrupted_pages_raise_sigbus_and_all_others_verify()
{
	find_disk /dev/pmem0
	equal "pages lost so far" "$(counter lost)" 0
	start_held_hog --mib 64 --passes 1 --seed 4711
	corrupt_hog_pages /dev/pmem0 4711 400
	end_hog
	add_to wrong_bytes "$hog_wrong_bytes"
	note sigbus_expected "$corrupted_pages"
	note sigbus_seen "$hog_sigbus"
	equal "pages corrupted" "$corrupted_pages" 41
	equal "pages that raised SIGBUS" "$hog_sigbus" "$corrupted_pages"
	equal "pages the store calls lost" "$(counter lost)" "$corrupted_pages"
	equal "wrong bytes" "$hog_wrong_bytes" 0
	equal "verified pages" "$hog_verified" "$((hog_pages - corrupted_pages))"
}

test_stores_and_loads_are_many()
{
	find_disk /dev/pmem0
	note_counters
	at_least stores "$(counter stores)" 100000
	at_least loads "$(counter loads)" 50000
	check_accounting
}

test_identity_and_wear_survive_a_reboot()
{
	case $boot in
	1)
		find_disk /dev/pmem0
		note metadata_survived false
		swap_off
		equal "pages held after swapoff" "$(counter pages)" 0
		wear=$(counter wear_max)
		detach
		persistent_figures >/share/before.json
		# The file in sysfs is as of the last round.
		at_least "greatest wear on the medium" \
			"$(jq .max /share/before.json)" "$wear"
		reboot ;;
	*)
		namespace 0
		persistent_figures >/share/after.json
		cmp /share/before.json /share/after.json ||
			die "before: $(cat /share/before.json) after: $(cat /share/after.json)"
		pmemswap-fmt check /dev/pmem0
		for figure in min mean max; do
			note "wear_$figure" "$(jq ".$figure" /share/after.json)"
		done
		at_least "greatest wear" "$(jq .max /share/after.json)" 1
		attach_pmem0
		equal "greatest wear after attach" "$(counter wear_max)" \
			"$(jq .max /share/after.json)"
		use_store
		note metadata_survived true ;;
	esac
}
