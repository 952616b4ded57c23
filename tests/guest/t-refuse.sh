# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# t-refuse.sh - attach refuses what is no region, says why, and writes nothing to it
#
# machine: two-regions

# refuse DEVICE ERRNO-TEXT PATTERN - attach fails with this error and a message that
# matches, and writes nothing
refuse()
{
	sync
	sum=$(edges_sum "$1")
	refuse_path "$@"
	equal "checksum of $1" "$(edges_sum "$1")" "$sum"
}

# refuse_path PATH ERRNO-TEXT PATTERN - the same, for what has no metadata to compare
refuse_path()
{
	mark_log
	refused "$2" "$control/attach" "$1"
	kernel_said "pmemswap: $1: .*($3)"
	! disk_of "$1" || die "$1 has a disk all the same"
}

# poke_supers DEVICE FIELD VALUE - in both superblocks, which are sealed again: only
# another version, or an attacker, would have written them
poke_supers()
{
	poke "$1" super 0 "$2" "$3"
	poke "$1" super 1 "$2" "$3"
}

# damage_super DEVICE COPY - other bytes in its label, under the old checksum
damage_super()
{
	super_off=$(poke "$1" where "super_off$2")
	printf damaged | dd of="$1" oflag=seek_bytes seek=$((super_off + 64)) \
		conv=notrunc,fsync 2>/dev/null
}

# A refusal leaves nothing behind: once formatted, the same device can be attached.
works_after_format()
{
	format "$1"
	attach "$1"
	use_store
}

ready()
{
	clean_slate
	namespace 0
	load_module
}

test_blank_region_is_refused()
{
	ready
	fill_edges /dev/pmem0 /dev/zero
	refuse /dev/pmem0 "Invalid argument" "no magic"
	works_after_format /dev/pmem0
}

test_foreign_contents_are_refused()
{
	ready
	fill_edges /dev/pmem0 /dev/urandom
	refuse /dev/pmem0 "Invalid argument" "no magic"
	mkswap -f /dev/pmem0
	refuse /dev/pmem0 "Invalid argument" "no magic"
	works_after_format /dev/pmem0
}

# Its secondary superblock is still there, and must not make a region of it.
test_what_was_written_over_a_region_is_refused()
{
	for over in "mkswap -f" "sfdisk -q --wipe never" \
		"busybox mkswap" "dd if=/dev/zero bs=1M count=4 conv=fsync"; do
		ready
		format /dev/pmem0
		case $over in
		dd*) $over of=/dev/pmem0 ;;
		sfdisk*) echo 'label: dos' | $over /dev/pmem0 ;;
		*) $over /dev/pmem0 ;;
		esac
		refuse /dev/pmem0 "Structure needs cleaning" \
			"something else was written over the region"
	done
	works_after_format /dev/pmem0
}

test_secondary_of_an_unknown_version_is_refused()
{
	ready
	format /dev/pmem0
	poke /dev/pmem0 super 1 version 2
	refuse /dev/pmem0 "Operation not supported" "unknown format version"
	works_after_format /dev/pmem0
}

test_unknown_version_is_refused()
{
	ready
	format /dev/pmem0
	poke_supers /dev/pmem0 version 2
	refuse /dev/pmem0 "Operation not supported" "unknown format version"
	works_after_format /dev/pmem0
}

test_unknown_incompat_feature_is_refused()
{
	ready
	format /dev/pmem0
	poke_supers /dev/pmem0 incompat 0x8000000000000000
	refuse /dev/pmem0 "Operation not supported" "features unknown"
	works_after_format /dev/pmem0
}

test_unknown_compat_feature_is_accepted()
{
	ready
	format /dev/pmem0
	poke_supers /dev/pmem0 compat 4
	attach /dev/pmem0
	detach
	equal "compat features" "$(region_field /dev/pmem0 .region.compat)" 4
}

test_impossible_geometry_is_refused()
{
	for change in "slots_nr 0xffffffffffffffff" "data_off 0" "state 7" \
		"region_bytes 4096"; do
		ready
		format /dev/pmem0
		# shellcheck disable=SC2086 # two words
		poke_supers /dev/pmem0 $change
		refuse /dev/pmem0 "Structure needs cleaning" "impossible geometry"
	done
	works_after_format /dev/pmem0
}

test_region_larger_than_any_device_is_refused()
{
	ready
	format /dev/pmem0
	poke_supers /dev/pmem0 region_bytes 0xfffffffffffff000
	refuse /dev/pmem0 "Invalid argument" "truncated"
}

test_region_larger_than_its_device_is_refused()
{
	ready
	namespace 1
	format /dev/pmem1
	fill_edges /dev/pmem0 /dev/zero
	dd if=/dev/pmem1 of=/dev/pmem0 bs=4096 count=1 conv=fsync
	refuse /dev/pmem0 "Invalid argument" "truncated"
	works_after_format /dev/pmem0
}

test_two_damaged_superblocks_are_refused()
{
	ready
	format /dev/pmem0
	# The secondary first: the primary says where it is.
	damage_super /dev/pmem0 1
	damage_super /dev/pmem0 0
	refuse /dev/pmem0 "Structure needs cleaning" "primary is damaged.* secondary damaged"
	works_after_format /dev/pmem0
}

test_one_damaged_superblock_is_replaced_by_the_other()
{
	for copy in 0 1; do
		ready
		format /dev/pmem0
		damage_super /dev/pmem0 $copy
		mark_log
		attach /dev/pmem0
		kernel_said "pmemswap: /dev/pmem0: the (primary|secondary) superblock is damaged"
		use_store
	done
}

test_mounted_device_is_refused()
{
	ready
	mke2fs -q -F -t ext4 /dev/pmem0
	mount -t ext4 /dev/pmem0 /mnt
	refuse_path /dev/pmem0 "Device or resource busy" "in use"
	umount /mnt
	works_after_format /dev/pmem0
}

test_attached_region_is_not_attached_twice()
{
	ready
	format /dev/pmem0
	attach /dev/pmem0
	mark_log
	refused "Device or resource busy" "$control/attach" /dev/pmem0
	kernel_said "pmemswap: /dev/pmem0: .*in use"
	equal "disks" "$(echo /sys/block/pmemswap*)" "/sys/block/$disk"
	use_store
}

test_attached_region_is_not_formatted()
{
	ready
	format /dev/pmem0
	attach /dev/pmem0
	! pmemswap-fmt format --force --yes /dev/pmem0 || die "format of an attached region"
	detach
}

test_raw_namespace_is_refused()
{
	ready
	namespace 1 raw
	refuse /dev/pmem1 "Operation not supported" "no DAX"
}

test_sector_namespace_is_refused()
{
	ready
	namespace 1 sector
	refuse /dev/pmem1s "Operation not supported" "no DAX"
}

test_ram_disk_is_refused()
{
	ready
	modprobe brd rd_nr=1 rd_size=32768
	refuse /dev/ram0 "(Operation not supported|Invalid argument)" "no DAX|virtual disk"
	rmmod brd
}

test_path_that_is_no_block_device_is_refused()
{
	ready
	refuse_path /dev/null "Block device required" "no block device"
	refuse_path /tmp "Block device required" "no block device"
	refuse_path /dev/no-such-device "No such file or directory" "no such device"
}

test_too_small_device_is_refused()
{
	ready
	printf ',4MiB\n,\n' | sfdisk -q --wipe always /dev/pmem0
	wait_until test -b /dev/pmem0p1
	refuse /dev/pmem0p1 "Invalid argument" "too small"
	fill_edges /dev/pmem0 /dev/zero
	blockdev --rereadpt /dev/pmem0
	works_after_format /dev/pmem0
}

test_garbage_on_attach_and_detach_is_refused()
{
	ready
	refused "" "$control/attach" ""
	refused "" "$control/attach" "$(head -c 4000 /dev/zero | tr '\0' x)"
	refused "No such device" "$control/detach" pmemswap7
	refused "No such device" "$control/detach" 4294967295
	refused "" "$control/detach" pmemswap
	refused "" "$control/detach" -1
	refused "" "$control/detach" /dev/pmem0
	works_after_format /dev/pmem0
}

test_detached_region_works_again()
{
	ready
	for _ in 1 2 3; do
		works_after_format /dev/pmem0
	done
}
