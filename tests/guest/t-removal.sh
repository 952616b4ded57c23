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
	stores=$(counter stores)
	run_hog --mib 32 --passes 1 --pageout
	equal "SIGBUS" "$hog_sigbus" 0
	equal stores "$(counter stores)" "$stores"
	at_least "pages refused" "$(counter rejects_closing)" 1
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
