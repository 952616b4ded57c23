# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The rate is what was written between them; the years follow from an endurance.
. "$CLI_LIB"

new_image r.img
expect 0 fmt wear --endurance 1000 r.img
says "not known before the second checkpoint"
expect 0 fmt wear --json r.img
is rate "$(printf '%s' "$out" | jq .forecast.writes_per_second)" null
is years "$(printf '%s' "$out" | jq .forecast.years_left)" null

"$POKE" r.img table 0 1 400
slots=$(at r.img slots_nr)
for copy in 0 1; do
	"$POKE" r.img super $copy prev_checkpoint_time 1000000
	"$POKE" r.img super $copy checkpoint_time 1000100
	"$POKE" r.img super $copy prev_slot_writes $((400 * slots - 2500))
	"$POKE" r.img super $copy slot_writes $((400 * slots))
done
expect 0 fmt wear --json --endurance 1000 r.img
is rate "$(json '.forecast.writes_per_second | floor')" 25
is "writes left" "$(json '.forecast.writes_left | floor')" $((600 * slots))
is years "$(json '.forecast.years_left * 1000000 | floor')" \
	"$(jq -n "600 * $slots / 25 / 31557600 * 1000000 | floor")"
expect 0 fmt wear --endurance 300 r.img
says "writes left at an endurance of 300: 0"

# A clock that went back gives no rate.
"$POKE" r.img super 0 checkpoint_time 999999
"$POKE" r.img super 1 checkpoint_time 999999
expect 0 fmt wear --json --endurance 1000 r.img
is rate "$(printf '%s' "$out" | jq .forecast.writes_per_second)" null
expect 16 fmt wear --endurance 0 r.img
expect 16 fmt wear --endurance many r.img
