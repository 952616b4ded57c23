# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Neither a swap device nor a swap file is formatted while it is on.
. "$CLI_LIB"

need mkswap swapon
truncate -s 64M r.img
mkswap r.img > /dev/null
loop r.img
swapon "$loop" 2> /dev/null || skip "cannot swap on here"
trap 'swapoff "$loop"; losetup -d "$loop"' EXIT
expect 8 fmt format -y --force "$loop"
says "in use" "swapoff"
