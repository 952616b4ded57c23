# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Every way to damage one copy: it is reported, the other is used, and repairs it.
. "$CLI_LIB"

# damage COPY KIND
damage()
{
	local off=0

	[ "$1" = 0 ] || off=$secondary
	case $2 in
	magic) scribble r.img "$off" 8 ;;
	checksum) scribble r.img $((off + 300)) 8 ;;
	version) "$POKE" r.img super "$1" version 2 ;;
	incompat) "$POKE" r.img super "$1" incompat 1 ;;
	slots) "$POKE" r.img super "$1" slots_nr 1000000 ;;
	state) "$POKE" r.img super "$1" state 9 ;;
	beyond) "$POKE" r.img super "$1" region_bytes $((1 << 40)) ;;
	zeros) zero r.img "$off" 4096 ;;
	esac
}

declare -A token=([magic]=foreign [checksum]=checksum [version]=version
	[incompat]=incompat [slots]=geometry [state]=geometry [beyond]=truncated
	[zeros]=foreign)

for copy in 0 1; do
	for kind in "${!token[@]}"; do
		rm -f r.img
		new_image r.img --label kept
		"$POKE" r.img table 0 3 77
		secondary=$(at r.img super_off1)
		damage "$copy" "$kind"

		expect 4 fmt inspect --json r.img
		is "status of copy $copy" "$(json ".superblocks[$copy].status")" "${token[$kind]}"
		is current "$(json ".superblocks[$((1 - copy))].current")" true
		is label "$(json .region.label)" kept
		expect 4 fmt check r.img
		says "errors are left"

		expect 1 fmt check --repair r.img
		says "repaired: 1 superblocks" "r.img: repaired"
		expect 0 fmt check r.img
		expect 0 fmt inspect --json r.img
		is label "$(json .region.label)" kept
		is wear "$(json .wear.min)" 77
	done
done
