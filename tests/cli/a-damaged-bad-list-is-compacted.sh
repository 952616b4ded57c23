# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Broken entries and gaps go; no valid entry is lost.
. "$CLI_LIB"

new_image r.img
list=$(at r.img bad_off)
for i in 0 1 2 3 4; do
	"$POKE" r.img bad "$i" $((10 + i)) 2
done
expect 0 fmt check r.img
scribble r.img $((list + 16)) 16
zero r.img $((list + 48)) 16

expect 4 fmt check --json r.img
is damaged "$(json .bad_list.damaged)" 1
is hidden "$(json .bad_list.hidden)" 1
expect 4 fmt inspect r.img
says "the bad-slot list is damaged"

expect 1 fmt check --repair r.img
says "repaired: the bad-slot list"
expect 0 fmt check --json r.img
is entries "$(json .bad_list.entries)" 3
expect 0 fmt inspect --json r.img
is slots "$(json '[.bad_slots[].slot] | join(" ")')" "10 12 14"
