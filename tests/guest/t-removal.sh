# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-removal.sh - the device of an attached region is removed
#
# machine: small

test_unbound_device_loses_pages_and_nothing_else()
{
	start_store
	start_held_hog --mib 32 --passes 1 --zero 25
	held=$(counter slots_used)
	at_least "slots in use" "$held" 5000
	# The claim on the namespace (pfn0.1, or the like), not the namespace, is bound.
	bound=$(basename "$(echo /sys/bus/nd/drivers/nd_pmem/*0.*)")
	echo "$bound" >/sys/bus/nd/drivers/nd_pmem/unbind
	finish_hog
	at_least "SIGBUS" "$hog_sigbus" "$held"
	# Now stores are refused, so no more pages are lost.
	mark_log
	stores=$(counter stores)
	run_hog --mib 32 --passes 1 --pageout
	equal "SIGBUS" "$hog_sigbus" 0
	equal stores "$(counter stores)" "$stores"
	at_least "pages refused" "$(counter rejects_closing)" 1
	! log_since_mark | grep "Write-error" || die "a line for each refused page"
	swap_off
	mark_log
	detach
	kernel_said "cannot write the slot table"
	kernel_said "/dev/pmem0: detached"
	! disk_of /dev/pmem0 || die "not detached"
}

test_device_bound_again_attaches_again()
{
	[ "$boot" -gt 1 ] || reboot
	attach_pmem0
	use_store
}

# unbind DRIVER - takes its first device away from a driver of the NVDIMM stack
unbind()
{
	for unbound in "/sys/bus/$1"/*[0-9]; do
		[ -L "$unbound" ] || continue
		basename "$unbound" >"/sys/bus/$1/unbind"
		return
	done
	die "nothing is bound to $1"
}

# Stores, loads and the sweep run when the device goes away.
check_removal_under_load()
{
	clean_slate
	namespace 0
	format /dev/pmem0
	attach_pmem0
	swap_on
	start_hog --mib 64 --passes 12 --workers 2 --pageout
	wait_until at_least_stores 20000
	unbind "$1"
	wait "$hog_pid" || :
	read_hog /tmp/hog.out
	equal "wrong bytes of hog" "$hog_wrong_bytes" 0
	at_least "pages refused or lost" "$(($(counter rejects_closing) + hog_sigbus))" 1
	swap_off
	detach
	! disk_of /dev/pmem0 || die "not detached"
}

at_least_stores()
{
	[ "$(counter stores)" -ge "$1" ]
}

test_removal_at_any_level_under_load_gives_no_wrong_byte()
{
	case $boot in
	1) check_removal_under_load nd/drivers/nd_pmem; reboot ;;
	2) check_removal_under_load nd/drivers/nd_region; reboot ;;
	3) check_removal_under_load acpi/drivers/nfit; reboot ;;
	*)
		attach_pmem0
		use_store ;;
	esac
}
