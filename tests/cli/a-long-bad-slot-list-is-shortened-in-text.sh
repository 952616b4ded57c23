# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Only --verbose lists hundreds of bad slots; JSON always has all.
. "$CLI_LIB"

new_image r.img
for i in $(seq 0 29); do
	"$POKE" r.img bad "$i" $((i * 3)) 3
done
expect 0 fmt inspect r.img
says "bad slots: 30" "bad block of the device" "and 14 more"
expect 0 fmt inspect --verbose r.img
says "  87: bad block of the device"
expect 0 fmt inspect --json r.img
is "bad slots" "$(json '.bad_slots | length')" 30
