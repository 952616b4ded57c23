# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-wear.sh - wear: counted right, remembered, and levelled under load
#
# machine: small

# host_blocks_written OFFSET BLOCKS - how many blocks of the NVDIMM, from OFFSET on,
# are not all zeros
host_blocks_written()
{
	python3 - nvdimm0.img "$1" "$2" <<-'END'
		import sys
		path, offset, blocks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
		with open(path, "rb") as medium:
		    medium.seek(offset)
		    print(sum(medium.read(4096) != bytes(4096) for _ in range(blocks)))
	END
}

# find_medium - sets $medium, a namespace of 64 MiB, where rounds are short; made by
# the first boot that asks
find_medium()
{
	load_pmem
	wait_until ls /sys/bus/nd/devices/namespace0.0 >/dev/null
	[ "$(namespaces 0 mode)" = fsdax ] || split_nvdimm 64M
	medium=/dev/$(namespaces 0 blockdev)
	wait_until test -b "$medium"
}

# start_unworn_store [PARAMETER...] - on $medium, up to swapon
start_unworn_store()
{
	clean_slate
	find_medium
	format_anew "$medium"
	load_module "$@"
	attach "$medium"
	swap_on
}

# offset_in_nvdimm DEVICE - where its first byte is
offset_in_nvdimm()
{
	holder=$(basename "$(readlink -f "/sys/class/block/${1#/dev/}/../..")")
	echo $(($(cat "/sys/bus/nd/devices/$holder/resource") -
		$(cat /sys/bus/nd/devices/region0/resource)))
}

# slot_wears - wear of every slot of $medium, a line each
slot_wears()
{
	last_slot=$(($(region_field "$medium" .region.slots) - 1))
	pmemswap-fmt inspect --json --slots "0-$last_slot" "$medium" |
		jq '.slots[].wear'
}

wear_sum()
{
	slot_wears | awk '{ sum += $1 } END { print sum }'
}

# slot_writes - page writes to slots since attach, or a few less while swapping
slot_writes()
{
	stored=$(($(counter moves) + $(counter stores)))
	echo $((stored - $(counter zero_pages)))
}

test_host_finds_as_many_blocks_written_as_slots_have_wear()
{
	start_unworn_store
	slots=$(counter slots)
	offset=$(($(offset_in_nvdimm "$medium") +
		$(region_field "$medium" .region.data_offset)))
	equal "blocks written before" "$(on_host host_blocks_written $offset "$slots")" 0

	run_hog --mib 24 --passes 2 --pageout --zero 20
	swap_off
	written=$(slot_writes)
	detach
	at_least "slot writes" "$written" 8000
	equal "sum of the wear" "$(wear_sum)" "$written"
	equal "slot writes on the medium" \
		"$(region_field "$medium" .life.slot_writes)" "$written"
	worn=$(slot_wears | grep -cvx 0)
	equal "slots with wear by the histogram" \
		"$(region_field "$medium" '[.wear.histogram[] | select(.from > 0) |
			.slots] | add')" "$worn"
	equal "blocks written" "$(on_host host_blocks_written $offset "$slots")" "$worn"
	# Otherwise the test would prove little.
	at_most "slots with wear" "$worn" "$((slots - 500))"
}

test_clean_reboot_keeps_the_wear_of_every_slot()
{
	case $boot in
	1)
		start_unworn_store
		run_hog --mib 40 --passes 4 --pageout
		stop_store
		slot_wears >/share/wears
		region_field "$medium" '.wear, .life.slot_writes' >/share/wear
		reboot ;;
	*)
		find_medium
		slot_wears | cmp - /share/wears
		at_least "greatest wear" "$(sort -n /share/wears | tail -n 1)" 2
		load_module
		attach "$medium"
		detach
		slot_wears | cmp - /share/wears
		region_field "$medium" '.wear, .life.slot_writes' | cmp - /share/wear ;;
	esac
}

# is_late_in_a_round - true if a power loss now would forget most of a round, and the
# round before it is on the medium; sets $written
is_late_in_a_round()
{
	written=$(slot_writes)
	rest=$((written % slots))
	saved=$(region_field "$medium" '[.table.copies[].generation] | max')
	[ "$written" -gt $((2 * slots)) ] &&
		[ "$saved" -ge $((written / slots)) ] &&
		[ "$rest" -gt $((slots / 2)) ] && [ "$rest" -lt $((slots - 100)) ]
}

# pause_late_in_a_round - lets the hog run until then, and stops it there
pause_late_in_a_round()
{
	while :; do
		kill -0 "$hog_pid" || die "hog is done after $written writes"
		is_late_in_a_round || continue
		killall -STOP hog
		! is_late_in_a_round || return 0
		killall -CONT hog
	done
}

test_power_loss_forgets_no_more_than_a_round()
{
	case $boot in
	1)
		start_unworn_store
		slots=$(counter slots)
		start_hog --mib 40 --passes 1000 --pageout
		pause_late_in_a_round
		echo "$written" >/share/written
		lose_power ;;
	*)
		find_medium
		equal state "$(region_field "$medium" .region.state)" unclean
		slots=$(region_field "$medium" .region.slots)
		kept=$(wear_sum)
		forgotten=$(($(cat /share/written) - kept))
		echo "$kept kept, $forgotten forgotten"
		# Otherwise the test would prove little.
		at_least "writes forgotten" "$forgotten" 100
		at_most "writes forgotten" "$forgotten" "$slots"
		at_most "writes forgotten" "$forgotten" \
			"$(region_field "$medium" .region.wear_uncertainty_writes)"
		at_least "writes kept" "$kept" "$slots"
		load_module
		attach "$medium"
		detach
		# Forgotten writes are estimated, and charged to slots.
		charged=$(($(wear_sum) - kept))
		echo "$charged charged"
		at_least "writes charged by attach" "$charged" "$((forgotten / 2))"
		at_most "writes charged by attach" "$charged" "$((2 * slots))" ;;
	esac
}

test_moves_under_load_change_no_byte()
{
	# The parameters of the module are those of its first load in a boot.
	[ "$boot" -gt 1 ] || reboot
	start_unworn_store wear_gap=2 wear_rate=10
	equal wear_gap "$(cat /sys/module/pmemswap/parameters/wear_gap)" 2
	start_held_hog --mib 24 --passes 1 --seed 1
	long_lived=$(counter pages)
	at_least "pages that stay" "$long_lived" 5500
	run_hog --mib 20 --passes 12 --pageout --seed 2
	moves=$(counter moves)
	echo "$moves moves, $(slot_writes) slot writes"
	at_least moves "$moves" 500
	at_most "moves for ten stores" "$((moves * 10))" "$(slot_writes)"
	finish_hog
	equal "pages lost" "$hog_sigbus $(counter lost)" "0 0"
	stop_store
	equal "moves on the medium" \
		"$(region_field "$medium" .life.moved_writes)" "$moves"
}
