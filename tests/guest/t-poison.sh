# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-poison.sh - memory errors while pages are on the medium
#
# machine: poison

badblocks=/sys/block/pmem0/badblocks
# The slots that must be bad after the reboot in which a test ends.
slots=/share/${name:-host}.slots

# physical BLOCK - its address
physical()
{
	resource=$(cat /sys/block/pmem0/device/resource)
	printf '0x%x\n' $((resource + $1 * 4096))
}

# mark_bad - the device learns that the blocks are bad that stdin has, one a line
mark_bad()
{
	while read -r marked_block; do
		echo "$((marked_block * 8)) 8" >$badblocks
	done
}

# bad_slots - what the medium says, one a line
bad_slots()
{
	region_field /dev/pmem0 '.bad_slots[].slot' | sort -n
}

# has_bad_slots COUNT
has_bad_slots()
{
	[ "$(counter slots_bad)" = "$1" ]
}

# await_bad_slots COUNT - the driver asks for bad blocks as it goes, so it must go
await_bad_slots()
{
	for _ in $(seq 40); do
		run_hog --mib 8 --passes 1 --pageout
		! has_bad_slots "$1" || return 0
	done
	die "$(counter slots_bad) bad slots instead of $1"
}

# start_anew - as start_store, but no slot is bad or worn; only a boot makes the device
# forget what another test did to it. Sets first_block: slot 0 is there.
start_anew()
{
	namespace 0
	! grep -q . $badblocks || reboot
	clean_slate
	format_anew /dev/pmem0
	first_block=$(($(region_field /dev/pmem0 .region.data_offset) / 4096))
	attach_pmem0
	swap_on
}

# report_error ADDRESS - a machine check that concerns no running program
report_error()
{
	modprobe mce-inject
	for value in flags=sw status=0xbd80000000100134 misc=0x8c "addr=$1" bank=1; do
		echo "${value#*=}" >"/sys/kernel/debug/mce-inject/${value%%=*}"
	done
}

# hold_victims STEP - a held hog; /tmp/blocks says where every STEP-th of its 2048
# pages is, and $slots in which slot
hold_victims()
{
	start_held_hog --mib 8 --passes 1 --seed 41
	find_pages /dev/pmem0 41 | awk -v step="$1" '$1 % step == 0 { print $2 }' \
		>/tmp/blocks
	victims=$(wc -l </tmp/blocks)
	at_least victims "$victims" $((1500 / $1 + 1))
	awk -v first="$first_block" '{ print $1 - first }' /tmp/blocks |
		sort -n >"$slots"
}

# lose_victims - the held hog ends: one SIGBUS for each victim, and nothing else
lose_victims()
{
	finish_hog
	equal SIGBUS "$hog_sigbus" "$victims"
	equal "lost pages" "$(counter lost)" "$victims"
	has_bad_slots "$victims" || die "$(counter slots_bad) bad slots"
	check_accounting
}

# check_after_reboot - the slots of $slots are retired, and no others
check_after_reboot()
{
	namespace 0
	bad_slots >/tmp/slots
	cmp "$slots" /tmp/slots || die "bad slots: $(xargs </tmp/slots)"
	load_module
	attach /dev/pmem0
	equal "bad slots" "$(counter slots_bad)" "$(wc -l <"$slots")"
	use_store
}

# wear_of_slots - of the slots of $slots, as the medium says
wear_of_slots()
{
	pmemswap-fmt inspect --json --slots "$(paste -s -d , "$slots")" /dev/pmem0 |
		jq -c '[.slots[].wear]'
}

test_free_slots_that_become_bad_are_given_out_no_more()
{
	! [ -e "$slots" ] || { check_after_reboot; return 0; }
	start_anew
	seq 4000 50 23000 >"$slots"
	awk -v first="$first_block" '{ print $1 + first }' "$slots" | mark_bad
	await_bad_slots "$(wc -l <"$slots")"
	stop_store
	wear=$(wear_of_slots)

	attach /dev/pmem0
	swap_on
	run_hog --mib 100 --passes 3 --pageout
	stop_store
	equal "wear of the bad slots" "$(wear_of_slots)" "$wear"
	reboot
}

test_used_slots_that_become_bad_cost_one_sigbus_a_page()
{
	! [ -e "$slots" ] || { check_after_reboot; return 0; }
	start_anew
	hold_victims 20
	mark_bad </tmp/blocks
	await_bad_slots "$victims"
	lose_victims
	stop_store
	reboot
}

# The kernel learns of an error, as from a patrol scrub, before anybody reads it.
test_reported_memory_error_costs_one_sigbus()
{
	! [ -e "$slots" ] || { check_after_reboot; return 0; }
	start_anew
	hold_victims 5000
	report_error "$(physical "$(cat /tmp/blocks)")"
	wait_until grep -q . $badblocks
	await_bad_slots 1
	lose_victims
	stop_store
	reboot
}

# The error is found by the read itself: the processor stops the copy.
test_machine_check_in_a_load_costs_one_sigbus_and_one_read()
{
	! [ -e "$slots" ] || { check_after_reboot; return 0; }
	start_anew
	hold_victims 5000
	copy=$(awk '$3 == "copy_mc_enhanced_fast_string" { print $1 }' /proc/kallsyms)
	equal "the machine check" \
		"$(on_host poison "0x$copy" "$(physical "$(cat /tmp/blocks)")")" armed
	lose_victims
	equal "reads of the poison" "$(on_host poison_reads)" 1
	stop_store
	reboot
}

# The other superblock is valid, but each second update would be lost.
test_a_superblock_in_a_bad_block_is_refused()
{
	start_anew
	stop_store
	echo 0 | mark_bad
	mark_log
	refused "Structure needs cleaning" "$control/attach" /dev/pmem0
	kernel_said "pmemswap: /dev/pmem0: the primary superblock is in a bad block of the device: pmemswap-fmt check --repair"
	! disk_of /dev/pmem0 || die "/dev/pmem0 has a disk all the same"
}

# ---- on the host

# poison COPY ADDRESS - reads of this address by the function at COPY fail from now on
poison()
{
	# $here is vm's.
	# shellcheck disable=SC2154
	"$here/machine-check" "$1" "$2" >reads 2>machine-check.log &
	for _ in $(seq 600); do
		! grep -q armed reads || break
		sleep 0.1
	done
	head -n 1 reads
}

poison_reads()
{
	grep -c read reads
}
