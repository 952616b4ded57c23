# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A file system or a swap area is named, and goes only by --force.
. "$CLI_LIB"

need mkfs.ext4 mkswap
for kind in ext4 swap; do
	truncate -s 64M r.img
	if [ "$kind" = ext4 ]; then
		mkfs.ext4 -q r.img
	else
		mkswap r.img > /dev/null
	fi
	cp --sparse=always r.img before
	expect 8 fmt format r.img
	says "holds something else: $kind" "--force"
	cmp r.img before
	expect 8 fmt format --yes r.img
	cmp r.img before
	expect 0 fmt format --force r.img
	expect 0 fmt check r.img
	[ -z "$(blkid -p -o value -s TYPE r.img)" ] || fail "the signature is still there"
	rm r.img
done
