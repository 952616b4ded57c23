# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-load.sh - module load, parameters and unload, while it can still be unloaded
#
# machine: small

# refuse_load PATTERN PARAMETER... - the load fails, and the kernel says so
refuse_load()
{
	pattern=$1
	shift
	mark_log
	! modprobe pmemswap "$@" || die "loaded with $*"
	kernel_said "$pattern"
	! [ -d /sys/module/pmemswap ] || die "a load that failed left the module"
}

test_module_unloads_before_any_attach()
{
	for _ in 1 2 3; do
		modprobe pmemswap
		test -w "$control/attach"
		rmmod pmemswap
	done
	! [ -e "$control" ] || die "$control is still there"
}

test_parameters_out_of_range_make_the_load_fail()
{
	refuse_load "areas=everyone: must be own or any" areas=everyone
	refuse_load "wear=off: must be" wear=off
	refuse_load "lost_page=error: must be panic or stale" lost_page=error
	refuse_load "invalid for parameter .checksum" checksum=7
	refuse_load "invalid for parameter .zero_pages" zero_pages=maybe
}

test_load_with_stale_data_allowed_is_warned_of()
{
	mark_log
	modprobe pmemswap areas=any lost_page=stale
	kernel_said "lost_page=stale: .* goes on with stale data"
	rmmod pmemswap
}

test_bad_region_parameter_makes_the_load_fail()
{
	namespace 0
	fill_edges /dev/pmem0 /dev/zero
	refuse_load "pmemswap: /dev/pmem0: .*no magic" region=/dev/pmem0
	refuse_load "pmemswap: /dev/pmem7: .*no such device" region=/dev/pmem7
	format /dev/pmem0
	refuse_load "pmemswap: /dev/pmem7: .*no such device" region=/dev/pmem0,/dev/pmem7
	modprobe pmemswap
	attach /dev/pmem0
	detach
}

test_region_parameter_attaches_at_load()
{
	[ "$boot" -gt 1 ] || reboot
	namespace 0
	modprobe pmemswap region=/dev/pmem0
	find_disk /dev/pmem0
	use_store
}

test_module_stays_once_frontswap_knows_it()
{
	! rmmod pmemswap || die "unloaded under frontswap"
	[ -d /sys/module/pmemswap ]
}
