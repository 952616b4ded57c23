# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A device that grew gets a region of its new size, without the old wear.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 7 1000
"$POKE" r.img bad 0 5 1
old=$(at r.img super_off1)
truncate -s 96M r.img
expect 0 fmt check r.img
expect 0 fmt inspect r.img
says "unused behind the region: 32 MiB"
expect 0 fmt format -y r.img
says "another geometry" "bad slots are forgotten"
expect 0 fmt check r.img
expect 0 fmt inspect --json r.img
is "most wear" "$(json .wear.max)" 0
is "bad slots" "$(json '.bad_slots | length')" 0
is bytes "$(json .region.region_bytes)" $((96 << 20))
magic=$(dd if=r.img bs=8 skip=$((old / 8)) count=1 status=none | tr -d '\0')
[ "$magic" != PMEMSWAP ] || fail "the old secondary superblock is still there"
