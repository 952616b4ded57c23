# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A medium that cannot be read where metadata will be, or loses a write, is refused.
. "$CLI_LIB"

# poisoned OFF COMMAND...
poisoned()
{
	local off=$1

	shift
	env LD_PRELOAD="$POISON_SO" POISON_OFF="$off" "$PMEMSWAP_FMT" "$@"
}

new_image where.img
places="$(at where.img table_off0) $(at where.img table_off1) $(at where.img bad_off)"
secondary=$(at where.img super_off1)
for off in $places; do
	rm -f r.img
	truncate -s 64M r.img
	expect 8 poisoned $((off + BLOCK)) format r.img
	says "cannot be read at $((off + BLOCK)), where metadata will be"
	expect 8 fmt check r.img
	says "not a pmemswap region"

	# The old region is still there.
	new_image r.img --label old
	expect 8 poisoned $((off + BLOCK)) format -y --reset-wear r.img
	expect 0 fmt check r.img

	rm r.img
	truncate -s 64M r.img
	expect 0 env POISON_CLEARS=1 LD_PRELOAD="$POISON_SO" POISON_OFF=$((off + BLOCK)) \
		"$PMEMSWAP_FMT" format r.img
	expect 0 fmt check r.img
done

for off in 0 "$secondary" "$(at where.img bad_off)"; do
	rm r.img
	tr '\0' '\125' < /dev/zero | head -c 64M > r.img
	expect 8 env POISON_LOSES=1 LD_PRELOAD="$POISON_SO" POISON_OFF="$off" \
		"$PMEMSWAP_FMT" format r.img
	says "cannot write the"
done

# A repair that loses its write has repaired nothing.
new_image r.img
"$POKE" r.img table 0 3 100
"$POKE" r.img table 1 4 100
for copy in 0 1; do
	scribble r.img $(($(at r.img table_off$copy) + BLOCK + 100))
done
expect 8 env POISON_LOSES=1 LD_PRELOAD="$POISON_SO" \
	POISON_OFF=$(($(at r.img table_off0) + BLOCK)) \
	"$PMEMSWAP_FMT" check --repair --json r.img
says "cannot write block 1 of copy 0"
is "blocks estimated" "$(json .repaired.table_blocks_estimated)" 0
