# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# More than 128 times the mean is not possible, and not shown.
. "$CLI_LIB"

new_image r.img
"$POKE" r.img table 0 1 1000
"$POKE" r.img entry 0 300 4294967295 0 0 0 0
"$POKE" r.img entry 0 301 100000 0 0 0 0
"$POKE" r.img entry 0 302 4294967295 2 0 0 0
expect 0 fmt inspect --json --slots 300-302 r.img
limit=$((128 * 1001))
is "most wear" "$(json .wear.max)" "$limit"
is "forged wear" "$(json '.slots[0].wear')" "$limit"
is "possible wear" "$(json '.slots[1].wear')" 100000
is "bad slot" "$(json '.bad_slots[0].slot')" 302
expect 0 fmt wear --json --map r.svg r.img
is "most wear" "$(json .wear.max)" "$limit"
grep -q "max $limit (slot 300)" r.svg
