# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# At every write of a first format, of one with --reset-wear and of one with another geometry.
. "$CLI_LIB"

no_sync
parts="0 8 12 16 24 48 80 512 2048 4088 tail:8 tail:512 tail:4080 4096"

# What is there must be one region or the other as a whole, and formatting it
# again must lead to a clean one.
judge()
{
	local code=0

	fmt inspect --json r.img > .out 2> .err || code=$?
	out=$(cat .out)
	case $code in
	8)
		none=$((none + 1))
		;;
	0 | 4)
		case $(json .region.label) in
		old)
			is "wear of the old region" "$(json .wear.min)" 100
			is "bytes of the old region" "$(json .region.region_bytes)" $((16 << 20))
			is "bad list" "$(json .bad_list_damaged)" false
			is "bad slots" "$(json '[.bad_slots[].slot] | join(" ")')" 7
			old=$((old + 1))
			;;
		new)
			is "wear of the new region" "$(json .wear.max)" 0
			is "bytes of the new region" "$(json .region.region_bytes)" "$(stat -c %s r.img)"
			is "bad list" "$(json .bad_list_damaged)" false
			is "damaged blocks" "$(json '[.table.copies[].blocks_damaged] | add')" 0
			is "bad slots" "$(json '[.bad_slots[].slot] | join(" ")')" "$bad"
			new=$((new + 1))
			;;
		*) fail "neither the old nor the new region: $out" ;;
		esac
		;;
	*) fail "inspect exits $code" ;;
	esac
	expect 0 fmt format -y --reset-wear r.img
	expect 0 fmt check r.img
}

# interrupt_everywhere IMAGE OPTION...
interrupt_everywhere()
{
	local image=$1 number=1 part

	shift
	old=0 new=0 none=0
	copy "$image" r.img
	while interrupt "$number" 0 format -y --label new "$@" r.img; do
		for part in $parts; do
			copy "$image" r.img
			interrupt "$number" "$part" format -y --label new "$@" r.img ||
				fail "no write number $number"
			judge
		done
		number=$((number + 1))
		copy "$image" r.img
	done
	is "last exit was a format" "$(cat .err)" ""
	echo "$((number - 1)) writes; interrupted, they leave: old $old, new $new, none $none"
	[ "$new" -gt 0 ] || fail "no interruption left the new region"
	[ "$none" -gt 0 ] || fail "no interruption left no region"
}

truncate -s 16M blank.img
bad=
interrupt_everywhere blank.img
is "old regions on a blank device" "$old" 0

expect 0 fmt format --size 16M --label old old.img
"$POKE" old.img table 0 3 100
"$POKE" old.img table 1 4 100
"$POKE" old.img bad 0 7 1
bad=7
interrupt_everywhere old.img --reset-wear
[ "$old" -gt 0 ] || fail "no interruption left the old region"

truncate -s 24M old.img
bad=
interrupt_everywhere old.img
[ "$old" -gt 0 ] || fail "no interruption left the old region"
