# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A valid block that belongs elsewhere, or to an older format, is not used.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 4 100
table=$(at r.img table_off0)
dd if=r.img of=r.img bs=4096 skip=$((table / BLOCK + 7)) seek=$((table / BLOCK + 8)) \
	count=1 conv=notrunc status=none
expect 4 fmt check --json r.img
is block "$(json '.table.damaged[0].block')" 8

rm r.img
new_image r.img
"$POKE" r.img table 0 4 100
dd if=r.img of=old bs=4096 skip=$((table / BLOCK)) count=1 status=none
expect 0 fmt format -y --reset-wear r.img
dd if=old of=r.img bs=4096 seek=$((table / BLOCK)) conv=notrunc status=none
expect 0 fmt check r.img
expect 0 fmt inspect --json r.img
is "most wear" "$(json .wear.max)" 0
