# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-power.sh - power loss at any moment, and a boot after it
#
# Killing QEMU loses no cache contents of the host. So this proves what the software
# does after an unclean shutdown, not in which order its writes reach the medium.
#
# machine: small

uuid_of_region()
{
	region_field /dev/pmem0 .region.uuid
}

test_region_in_use_at_power_loss_attaches_again()
{
	case $boot in
	1)
		start_store --reset-wear --label power
		# More than three rounds, so that checkpoints were written.
		run_hog --mib 200 --passes 5 --pageout
		uuid_of_region >/share/uuid
		hog --mib 300 --passes 50 --workers 2 --pageout &
		sleep 3
		counter wear_max >/share/wear_max
		lose_power ;;
	*)
		namespace 0
		equal state "$(region_field /dev/pmem0 .region.state)" unclean
		equal uuid "$(uuid_of_region)" "$(cat /share/uuid)"
		at_least "wear at the last checkpoint" \
			"$(region_field /dev/pmem0 .wear.max)" 1
		load_module
		mark_log
		attach /dev/pmem0
		kernel_said "/dev/pmem0: unclean shutdown"
		equal label "$(counter label)" power
		equal "pages held" "$(counter pages)" 0
		# At most one round of stores, and its moves, may be forgotten.
		at_least "greatest wear" "$(counter wear_max)" \
			"$(($(cat /share/wear_max) - 2))"
		swap_on
		run_hog --mib 200 --passes 2 --pageout
		stop_store
		equal state "$(region_field /dev/pmem0 .region.state)" clean ;;
	esac
}

test_power_loss_at_any_moment_leaves_a_region()
{
	# Boots 1 to 5 lose power after different times, during attach, detach or
	# swap. Each boot finds a region, with at least the writes of the boot before.
	namespace 0
	[ "$boot" -gt 1 ] || format /dev/pmem0 --reset-wear
	pmemswap-fmt check /dev/pmem0 || [ $? = 4 ]
	writes=$(region_field /dev/pmem0 .life.slot_writes)
	at_least "slot writes" "$writes" "$(cat /share/writes 2>/dev/null || echo 0)"
	echo "$writes" >/share/writes
	[ "$boot" -lt 6 ] || return 0
	load_module
	(
		while attach /dev/pmem0; do
			swap_on
			hog --mib 32 --passes 2 --pageout
			swap_off
			detach
		done
	) &
	# Another moment in each boot.
	sleep "0.$((boot * 37 % 10))"
	sleep "$boot"
	lose_power
}

test_clean_reboot_forgets_no_wear()
{
	case $boot in
	1)
		start_store --reset-wear
		run_hog --mib 100 --passes 3 --pageout
		swap_off
		detach
		medium_wear /dev/pmem0 >/share/wear
		reboot ;;
	*)
		attach_pmem0
		equal wear "$(wear_counters)" "$(cat /share/wear)"
		detach ;;
	esac
}

# slot_writes - what the superblock of the attached region will say, if it is written
# now and said 0 at attach: page writes, without metadata
slot_writes()
{
	echo "$((($(counter media_bytes_written) -
		  $(counter metadata_bytes_written)) / 4096))"
}

# As an init system shuts down: swapoff, and no detach.
test_reboot_without_detach_forgets_no_wear()
{
	case $boot in
	1)
		clean_slate
		namespace 0
		format_anew /dev/pmem0
		attach_pmem0
		swap_on
		run_hog --mib 32 --passes 1 --pageout
		swap_off
		slot_writes >/share/writes
		reboot ;;
	*)
		namespace 0
		load_module
		equal state "$(region_field /dev/pmem0 .region.state)" clean
		equal "slot writes" "$(region_field /dev/pmem0 .life.slot_writes)" \
			"$(cat /share/writes)"
		mark_log
		attach /dev/pmem0
		! log_since_mark | grep "unclean" || die "unclean"
		use_store ;;
	esac
}

test_reboot_while_pages_are_held_forgets_no_wear()
{
	case $boot in
	1)
		clean_slate
		namespace 0
		format_anew /dev/pmem0
		attach_pmem0
		swap_on
		# Far less than a round, so that the sweep writes nothing by itself.
		start_held_hog --mib 32 --passes 1
		slot_writes >/share/writes
		reboot ;;
	*)
		namespace 0
		load_module
		equal state "$(region_field /dev/pmem0 .region.state)" unclean
		at_least "slot writes" "$(region_field /dev/pmem0 .life.slot_writes)" \
			"$(cat /share/writes)"
		attach /dev/pmem0
		equal "pages held" "$(counter pages)" 0
		use_store ;;
	esac
}

test_suspend_writes_the_wear()
{
	clean_slate
	namespace 0
	format_anew /dev/pmem0
	attach_pmem0
	swap_on
	start_held_hog --mib 32 --passes 1
	writes=$(slot_writes)
	# The kernel suspends as far as freezing programs, waits, and goes on.
	echo freezer >/sys/power/pm_test
	echo freeze >/sys/power/state
	echo none >/sys/power/pm_test
	at_least "slot writes" "$(region_field /dev/pmem0 .life.slot_writes)" "$writes"
	finish_hog
	equal "SIGBUS" "$hog_sigbus" 0
	stop_store
}

test_hibernation_is_refused_and_the_machine_carries_on()
{
	start_store
	start_held_hog --mib 32 --passes 1
	mark_log
	refused "Device or resource busy" /sys/power/state disk
	kernel_said "pmemswap: /dev/pmem0: in use, .* hibernation is refused"
	finish_hog
	equal "SIGBUS" "$hog_sigbus" 0
	swap_off

	# Nor does the disk take the header that announces an image of memory.
	{
		head -c 4086 /dev/zero
		printf 'S1SUSPEND\0'
	} >/tmp/header
	! dd if=/tmp/header of="/dev/$disk" bs=4096 oflag=direct ||
		die "the disk took a header of hibernation"
	use_store
}
