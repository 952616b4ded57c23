# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-regions.sh - two regions at once, each with a disk of its own
#
# machine: two-regions

# Both attached: sets small and large to the names of their disks.
attach_both()
{
	clean_slate
	namespace 0
	namespace 1
	format /dev/pmem0 --label small
	format /dev/pmem1 --label large
	load_module
	attach /dev/pmem0
	small=$disk
	attach /dev/pmem1
	large=$disk
	[ "$small" != "$large" ] || die "one disk for two regions"
}

# First of all: it needs a module that is not loaded yet.
test_region_parameter_names_several_devices()
{
	namespace 0
	namespace 1
	format /dev/pmem0
	format /dev/pmem1
	modprobe pmemswap region=/dev/pmem0,/dev/pmem1
	find_disk /dev/pmem0
	equal disk "$disk" pmemswap0
	find_disk /dev/pmem1
	equal disk "$disk" pmemswap1
}

test_two_regions_work_side_by_side()
{
	attach_both
	swapon -p 10 "/dev/$small"
	swapon -p 10 "/dev/$large"
	run_hog --mib 300 --passes 3 --workers 2 --pageout
	at_least "stores of the small one" "$(counter stores "$small")" 20000
	at_least "stores of the large one" "$(counter stores "$large")" 20000
	check_accounting "$small"
	check_accounting "$large"
	swap_off "$small"
	swap_off "$large"
	equal "pages held" "$(counter pages "$small") $(counter pages "$large")" "0 0"
	detach "$small"
	detach "$large"
}

test_full_region_overflows_to_the_next()
{
	attach_both
	swapon -p 20 "/dev/$small"
	swapon -p 10 "/dev/$large"
	run_hog --mib 300 --passes 2 --pageout
	at_least "stores of the small one" "$(counter stores "$small")" 25000
	at_least "stores of the large one" "$(counter stores "$large")" 20000
	equal "lost pages" "$(counter lost "$small") $(counter lost "$large")" "0 0"
	swap_off "$small"
	swap_off "$large"
}

test_one_region_detaches_while_the_other_is_used()
{
	attach_both
	swapon -p 10 "/dev/$small"
	swapon -p 10 "/dev/$large"
	start_hog --mib 120 --passes 8 --workers 2 --pageout
	for _ in 1 2 3; do
		sleep 1
		swap_off "$small"
		detach "$small"
		attach /dev/pmem0
		equal disk "$disk" "$small"
		swapon -p 10 "/dev/$small"
	done
	finish_hog
	equal "SIGBUS" "$hog_sigbus" 0
}

test_each_region_remembers_its_own_name_and_wear()
{
	attach_both
	swapon "/dev/$large"
	run_hog --mib 64 --passes 2 --pageout
	swap_off "$large"
	detach "$small"
	detach "$large"
	equal "label" "$(region_field /dev/pmem0 .region.label)" small
	equal "label" "$(region_field /dev/pmem1 .region.label)" large
	at_least "slot writes" "$(region_field /dev/pmem1 .life.slot_writes)" 16000
}

uptime_seconds()
{
	cut -d. -f1 /proc/uptime
}

# hammer SECONDS COMMAND... - again and again, whatever it answers
hammer()
{
	hammer_end=$(($(uptime_seconds) + $1))
	shift
	while [ "$(uptime_seconds)" -lt "$hammer_end" ]; do
		"$@" 2>/dev/null || :
	done
}

try_attach()
{
	echo "$1" >"$control/attach"
}

try_detach()
{
	echo "$1" >"$control/detach"
}

test_attach_detach_and_readers_race_without_harm()
{
	attach_both
	detach "$small"
	detach "$large"
	hammer 8 try_attach /dev/pmem0 &
	hammer 8 try_attach /dev/pmem1 &
	hammer 8 try_detach 0 &
	hammer 8 try_detach 1 &
	hammer 8 sh -c 'cat /sys/block/pmemswap*/* >/dev/null' &
	hammer 8 sh -c 'dd if=/dev/pmemswap0 of=/dev/null bs=64k count=1' &
	hammer 8 sh -c 'swapon /dev/pmemswap1; swapoff /dev/pmemswap1' &
	wait
	swapoff -a
	attach_both
	swapon "/dev/$small"
	swapon "/dev/$large"
	run_hog --mib 200 --passes 2 --pageout
	pmemswap-fmt check /dev/pmem0
	pmemswap-fmt check /dev/pmem1
}
