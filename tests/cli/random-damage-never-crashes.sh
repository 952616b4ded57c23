# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Metadata of random bytes, with valid checksums and without: every command ends in order.
. "$CLI_LIB"

# Reproducible: the seed makes the damage.
RANDOM=${SEED:-20240229}
fields="version sequence compat incompat state block_bytes region_bytes table_blocks
	bad_off bad_blocks data_off slots_nr table_seed attach_generation format_time
	checkpoint_time slot_writes prev_checkpoint_time prev_slot_writes super_off1
	table_off0 table_generation0 table_generation1"
read -r -d "" -a fields <<< "$fields" || :
values=(0 1 2 255 4096 0x7fffffff 0xffffffff 0x7fffffffffffffff 0x8000000000000000
	0xffffffffffffffff)

# in_order COMMAND...: it ends by one of its exit codes, not by a signal
in_order()
{
	local code=0

	"$PMEMSWAP_FMT" "$@" > .out 2> .err < /dev/null || code=$?
	case $code in
	0 | 1 | 4 | 8) ;;
	*) fail "exit code $code of $* in round $round"$'\n'"$(cat .err)" ;;
	esac
}

expect 0 fmt format --size 16M whole.img
"$POKE" whole.img table 0 3 100
"$POKE" whole.img table 1 4 120
"$POKE" whole.img bad 0 9 1
for round in $(seq 80); do
	copy whole.img r.img
	for copy in 0 1; do
		"$POKE" r.img super "$copy" "${fields[RANDOM % ${#fields[@]}]}" \
			"${values[RANDOM % ${#values[@]}]}"
	done
	for _ in 1 2 3 4 5 6; do
		scribble r.img $(((RANDOM * 32768 + RANDOM) % 200000 + 4096)) $((RANDOM % 64 + 1))
	done
	if [ $((round % 4)) = 0 ]; then
		scribble r.img $((RANDOM % 4096)) 4
	fi
	in_order inspect --verbose --slots 0-600 r.img
	in_order inspect --json r.img
	in_order wear --endurance 1000 --map r.svg r.img
	in_order check --json r.img
	in_order check --repair r.img
	in_order check r.img
	in_order format --yes r.img
done
