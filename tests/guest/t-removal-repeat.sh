# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-removal-repeat.sh - the device goes under load and comes back, again and again
#
# machine: small

# start_load - stores and loads in the background, and the sweep with them; returns
# in their midst
start_load()
{
	start_hog --mib 40 --passes 6 --pageout --rewrite 60
	load_from=$(counter stores)
	wait_until stores_beyond $((load_from + 12000))
}

stores_beyond()
{
	[ "$(counter stores)" -gt "$1" ]
}

# go_and_come_back DRIVER DEVICE - unbinds it under load, and binds it again
go_and_come_back()
{
	attach_pmem0
	swap_on
	start_load
	echo "$2" >"$1/unbind"
	finish_hog
	swap_off
	# The medium cannot be told, which may be reported as an error.
	detach || :
	! disk_of /dev/pmem0 || die "not detached"
	echo "$2" >"$1/bind"
}

# region_is_whole - what came back works
region_is_whole()
{
	namespace 0
	pmemswap-fmt check /dev/pmem0
	attach_pmem0
	use_store
}

test_namespace_that_goes_under_load_can_come_back()
{
	clean_slate
	namespace 0
	format /dev/pmem0
	for _ in 1 2; do
		# The claim on the namespace (pfn0.1, or the like), not the namespace, is bound.
		go_and_come_back /sys/bus/nd/drivers/nd_pmem \
			"$(basename "$(echo /sys/bus/nd/drivers/nd_pmem/*0.*)")"
		region_is_whole
	done
}

test_nvdimm_region_that_goes_under_load_can_come_back()
{
	for _ in 1 2; do
		go_and_come_back /sys/bus/nd/drivers/nd_region region0
		region_is_whole
	done
}

test_bus_that_goes_under_load_can_come_back()
{
	for _ in 1 2; do
		go_and_come_back /sys/bus/acpi/drivers/nfit \
			"$(basename "$(echo /sys/bus/acpi/drivers/nfit/ACPI0012*)")"
		region_is_whole
	done
}
