# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Not even --force formats what is mounted; it is said where.
. "$CLI_LIB"

need mkfs.ext4
truncate -s 64M r.img
mkfs.ext4 -q r.img
loop r.img
mkdir -p "mount point"
mount "$loop" "mount point" 2> /dev/null || skip "cannot mount here"
trap 'umount "mount point"; losetup -d "$loop"' EXIT
expect 8 fmt format -y --force "$loop"
says "in use" "mounted on" "mount point"
expect 8 fmt format -y --force --dry-run "$loop"
