# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Only --wipe touches the data area, and then all of it.
. "$CLI_LIB"

truncate -s 64M r.img
# A file of 64 MiB without a hole, so that a write cannot hide as zeros.
tr '\0' '\125' < /dev/zero | head -c 64M > r.img
expect 0 fmt format r.img
data=$(at r.img data_off)
last=$(at r.img super_off1)
dd if=r.img of=data bs=4096 skip=$((data / BLOCK)) count=$(((last - data) / BLOCK)) status=none
[ -z "$(tr -d '\125' < data | head -c 1)" ] || fail "the data area was written"

expect 0 fmt format -y --wipe r.img
dd if=r.img of=data bs=4096 skip=$((data / BLOCK)) count=$(((last - data) / BLOCK)) status=none
[ -z "$(tr -d '\0' < data | head -c 1)" ] || fail "the data area was not wiped"
expect 0 fmt check r.img
