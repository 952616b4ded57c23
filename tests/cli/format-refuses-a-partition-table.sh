# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A partition table is a foreign signature, too.
. "$CLI_LIB"

need sfdisk
truncate -s 64M r.img
echo 'label: gpt' | sfdisk -q r.img
expect 8 fmt format r.img
says "holds something else: gpt"
expect 0 fmt format --force r.img
expect 0 fmt check r.img
[ -z "$(blkid -p -o value -s PTTYPE r.img)" ] || fail "the partition table is still there"
