# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# format --dry-run says the same and leaves every byte.
. "$CLI_LIB"

need mkfs.ext4
truncate -s 64M r.img
cp --sparse=always r.img before
expect 0 fmt format --dry-run --wipe r.img
says "dry run: nothing was written"
cmp r.img before

mkfs.ext4 -q r.img
cp --sparse=always r.img before
expect 8 fmt format --dry-run r.img
expect 0 fmt format --dry-run --force r.img
cmp r.img before

rm r.img
new_image r.img
cp --sparse=always r.img before
expect 0 fmt format --dry-run --reset-wear r.img
cmp r.img before
