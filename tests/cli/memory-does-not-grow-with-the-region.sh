# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Whatever the size of a region, and however many of its slots are bad or listed.
. "$CLI_LIB"

need python3
case $(nm "$PMEMSWAP_FMT" 2> /dev/null) in
*__asan*) skip "AddressSanitizer has memory of its own" ;;
esac
cat > memory.py << 'EOF'
"""memory.py CODE COMMAND...: run it, print the most memory that it had, in KiB"""
import os, sys

pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 1, "out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
_, status, usage = os.wait4(pid, 0)
assert os.waitstatus_to_exitcode(status) == int(sys.argv[1]), (status, sys.argv)
print(usage.ru_maxrss)
EOF
# memory CODE COMMAND...: KiB
memory()
{
	local code=$1

	shift
	python3 memory.py "$code" "$PMEMSWAP_FMT" "$@"
}

limit=$((64 << 10))
# alike WHAT SMALL LARGE
alike()
{
	echo "$1: $2 and $3 KiB"
	if [ "$3" -gt "$limit" ] || [ "$3" -gt $(($2 + 4096)) ]; then
		fail "$1 takes $2 KiB of a small region, $3 KiB of a large one"
	fi
}

for size in 64M 32G; do
	truncate -s $size $size.img
done
for verb in format inspect check wear "inspect --json" "check --json" "check --repair" \
	"wear --map map.svg" "format -y --reset-wear" "format --dry-run -y" "wipe -y"; do
	# shellcheck disable=SC2086 # words
	alike "$verb" "$(memory 0 $verb 64M.img)" "$(memory 0 $verb 32G.img)"
done

# A listing of many slots, all of which only the table marks as bad.
new_image r.img
truncate -s 1G large.img
expect 0 fmt format large.img
for image in r.img large.img; do
	"$POKE" $image table 0 3 100 2
done
last=$(($(at r.img slots_nr) - 1))
large_last=$(($(at large.img slots_nr) - 1))
for verb in "inspect --json --slots 0-" "inspect --verbose --slots 0-"; do
	# shellcheck disable=SC2086 # words
	alike "$verb" "$(memory 0 ${verb}$last r.img)" \
		"$(memory 0 ${verb}$large_last large.img)"
	[ "$verb" != "inspect --json --slots 0-" ] ||
		is "what is listed" "$(jq -c '[.bad_slots, .slots | length]' out)" \
			"[$((large_last + 1)),$((large_last + 1))]"
done
