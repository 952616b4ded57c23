# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A list without a valid entry, or naming slots beyond the region, is damage.
. "$CLI_LIB"

new_image r.img
head -c $((4 * BLOCK)) /dev/urandom |
	dd of=r.img bs=4096 seek=$(($(at r.img bad_off) / BLOCK)) conv=notrunc status=none
expect 4 fmt check r.img
expect 1 fmt check --repair r.img
expect 0 fmt check --json r.img
is entries "$(json .bad_list.entries)" 0
"$POKE" r.img bad 0 99999999 1
expect 4 fmt check --json r.img
is damaged "$(json .bad_list.damaged)" 1
