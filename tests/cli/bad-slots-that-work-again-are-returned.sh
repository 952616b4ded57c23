# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Only on request, only if the medium takes a write, and never after a wrong checksum.
. "$CLI_LIB"

# prepare: slots 5 and 300 in the list, 300, 301 and 600 in the table, 7 silently wrong
prepare()
{
	rm -f r.img
	new_image r.img
	"$POKE" r.img table 0 3 100
	"$POKE" r.img table 1 4 200
	"$POKE" r.img bad 0 7 2
	"$POKE" r.img bad 1 5 1
	"$POKE" r.img bad 2 300 3
	for slot in 300 301 600; do
		"$POKE" r.img entry 1 $slot 210 2 0 0 0
	done
	data=$(at r.img data_off)
}
# are_bad SLOTS: these and no others, in a region without damage; $out has slot 300
are_bad()
{
	expect 0 fmt check r.img
	expect 0 fmt inspect --json --slots 300 r.img
	is "bad slots" "$(json '[.bad_slots[].slot] | join(" ")')" "$1"
}

prepare
are_bad "5 7 300 301 600"
copy r.img before
expect 0 fmt check --repair r.img
expect 16 fmt check --test-bad r.img
cmp r.img before

expect 1 fmt check --repair --test-bad --json r.img
is returned "$(json .repaired.slots_returned)" 4
is result "$(json .result)" repaired
are_bad 7
is "wear of a returned slot" "$(json '.slots[0].wear')" 210
is "least wear" "$(json .wear.min)" 200
copy r.img before
expect 0 fmt check --repair --test-bad r.img
cmp r.img before

# A slot that does not take the write stays retired; poison that a write clears goes.
for how in "" POISON_CLEARS=1 POISON_LOSES=1; do
	prepare
	expect 1 env $how LD_PRELOAD="$POISON_SO" POISON_OFF=$((data + 301 * BLOCK)) \
		"$PMEMSWAP_FMT" check --repair --test-bad r.img
	case $how in
	POISON_CLEARS=1) are_bad 7 ;;
	*) are_bad "7 301" ;;
	esac
done

no_sync
# Interrupted at any write, no wear is lost, and another run ends it.
prepare
copy r.img before
number=1
while interrupt "$number" 0 check --repair --test-bad r.img; do
	for part in 0 2048 tail:2048; do
		copy before r.img
		interrupt "$number" "$part" check --repair --test-bad r.img ||
			fail "no write number $number"
		fmt check --repair --test-bad r.img > .out 2>&1 || [ $? = 1 ] ||
			fail "write $number, $part bytes: $(cat .out)"
		are_bad 7
		is "least wear" "$(json .wear.min)" 200
	done
	# The writes of a test of a slot, three in a row, are alike.
	number=$((number + 2))
	copy before r.img
done
[ "$number" -gt 20 ] || fail "only $number writes were seen"
