# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-faults.sh - memory fails at each allocation of an attach and a detach, in turn
#
# machine: small
# kernel: debug

debugfs=/sys/kernel/debug

# All allocations of a task may fail, and say nothing when they do.
arm_faults()
{
	for fault in failslab fail_page_alloc; do
		echo N >$debugfs/$fault/ignore-gfp-wait
		echo 0 >$debugfs/$fault/verbose
	done
	echo 0 >$debugfs/fail_page_alloc/min-order
	echo N >$debugfs/fail_page_alloc/ignore-gfp-highmem
}

# with_fault N FILE VALUE - writes VALUE to FILE while the Nth allocation fails; /tmp/left
# is not 0 if there were fewer
with_fault()
{
	# shellcheck disable=SC2016 # expanded by the inner shell
	/tools/bin/dash -c '
		exec 3>"$1" 4>/tmp/left
		echo "$0" >/proc/self/fail-nth
		echo "$2" >&3
		status=$?
		read -r left </proc/self/fail-nth
		echo "$left" >&4
		exit $status' "$@" 2>/dev/null
}

# Failed allocations may print a stack, but nothing else may be wrong. The console
# does not get to see them, so it is looked at here. On 5.10 device_add_disk() cannot
# report an error: it warns and goes on.
no_splat()
{
	! log_since_mark | grep -E 'WARNING:|BUG:|KASAN|UBSAN|possible .* deadlock' |
		grep -vE ' at (block/genhd|fs/sysfs/file|fs/kernfs/dir)\.c:'
}

test_attach_and_detach_survive_each_failed_allocation()
{
	clean_slate
	namespace 0
	format /dev/pmem0
	load_module
	mark_log
	console=$(cut -f 1 /proc/sys/kernel/printk)
	dmesg -n 1
	arm_faults
	nth=0 left=0 failures=0
	while [ "$left" = 0 ]; do
		nth=$((nth + 1))
		with_fault $nth "$control/attach" /dev/pmem0 && failed=0 || failed=1
		left=$(cat /tmp/left)
		failures=$((failures + failed))
		[ "$failed" = 0 ] || continue
		# By its name: its files in sysfs may be what could not be made.
		with_fault $nth "$control/detach" pmemswap0 || detach pmemswap0 || :
	done
	echo "$nth allocations, $failures failed attaches"
	dmesg -n "$console"
	no_splat || die "the kernel complained"
	at_least "attaches that failed" "$failures" 10
	attach /dev/pmem0
	use_store
	pmemswap-fmt check /dev/pmem0
}
