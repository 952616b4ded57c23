# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The same on a block device, whose writes are torn between sectors.
. "$CLI_LIB"

expect 0 fmt format --size 16M --label old before.img
"$POKE" before.img table 0 3 100
copy before.img r.img
loop r.img

# interrupt_everywhere OPTION...: counts what is left
interrupt_everywhere()
{
	local number=1 part done=

	old=0 new=0 none=0
	while [ -z "$done" ]; do
		for part in 0 512 2048 tail:512 tail:3584 4096; do
			dd if=before.img of="$loop" bs=1M oflag=direct status=none
			if ! interrupt "$number" "$part" format -yf --label new "$@" "$loop"; then
				done=1
				break
			fi
			out=$(fmt inspect --json "$loop" 2> .err) || [ $? = 4 ] || {
				none=$((none + 1))
				continue
			}
			case $(json .region.label) in
			old) old=$((old + 1)) ;;
			new) new=$((new + 1)) ;;
			*) fail "neither the old nor the new region: $out" ;;
			esac
			is "bad list" "$(json .bad_list_damaged)" false
			is "damaged blocks" "$(json '[.table.copies[].blocks_damaged] | add')" 0
		done
		number=$((number + 1))
	done
	echo "$((number - 2)) writes; interrupted, they leave: old $old, new $new, none $none"
}

interrupt_everywhere
if [ "$old" = 0 ] || [ "$new" = 0 ] || [ "$none" -gt 0 ]; then
	fail "not a switch"
fi
interrupt_everywhere --reset-wear
if [ "$old" = 0 ] || [ "$new" = 0 ] || [ "$none" = 0 ]; then
	fail "a state was never left"
fi
