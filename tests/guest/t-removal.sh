# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-removal.sh - the device goes away under an attached region
#
# machine: small

test_unbound_device_loses_pages_and_nothing_else()
{
	start_store
	start_held_hog --mib 32 --passes 1 --zero 25
	held=$(counter slots_used)
	at_least "slots in use" "$held" 5000
	echo namespace0.0 >/sys/bus/nd/drivers/nd_pmem/unbind 2>/dev/null ||
		echo pfn0.1 >/sys/bus/nd/drivers/nd_pmem/unbind
	finish_held_hog
	equal "wrong bytes" "$hog_wrong_bytes" 0
	at_least "SIGBUS" "$hog_sigbus" 1
	equal "lost pages" "$(counter lost)" "$hog_sigbus"
	# Pages are refused now, not taken and lost.
	lost=$(counter lost)
	run_hog --mib 32 --passes 1 --pageout
	equal "lost pages" "$(counter lost)" "$lost"
	swap_off
	detach || :
}

test_device_bound_again_attaches_again()
{
	[ "$boot" -gt 1 ] || reboot
	namespace 0
	load_module
	attach /dev/pmem0
	swap_on
	run_hog --mib 64 --passes 1 --pageout
	stop_store
}
