# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share; each runs in an empty directory of its own, under
# "bash -eu".

# Without this, a sanitized binary refuses the libraries of LD_PRELOAD.
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=${DETECT_LEAKS:-0}
export TZ=UTC

# shellcheck disable=SC2034 # used by the tests
BLOCK=4096

fail()
{
	echo "FAILED: $*"
	exit 1
}

skip()
{
	echo "$*"
	exit 77
}

need()
{
	local tool

	for tool; do
		command -v "$tool" > /dev/null || skip "$tool is not installed"
	done
}

fmt()
{
	"$PMEMSWAP_FMT" "$@"
}

# expect CODE COMMAND...: run it; its output is in $out, its errors in $err
expect()
{
	local want=$1 got=0

	shift
	"$@" > .out 2> .err < /dev/null || got=$?
	out=$(cat .out)
	err=$(cat .err)
	[ "$got" = "$want" ] ||
		fail "exit code $got instead of $want: $*"$'\n'"$out"$'\n'"$err"
}

# says TEXT...: each text is in $out or in $err
says()
{
	local text

	for text; do
		case $out$'\n'$err in
		*"$text"*) ;;
		*) fail "'$text' is not said in:"$'\n'"$out"$'\n'"$err" ;;
		esac
	done
}

# new_image FILE [OPTION...]: a formatted image of 64 MiB
new_image()
{
	local file=$1

	shift
	truncate -s 64M "$file"
	expect 0 fmt format "$@" "$file"
}

# at FILE NAME: an offset or a count from the geometry of an image
at()
{
	"$POKE" "$1" where "$2"
}

# scribble FILE OFFSET [BYTES]: overwrite with bytes that nothing expects
scribble()
{
	local bytes=${3:-64}

	head -c "$bytes" /dev/zero | tr '\0' '\125' |
		dd of="$1" bs=1M oflag=seek_bytes seek="$2" conv=notrunc status=none
}

# zero FILE OFFSET BYTES
zero()
{
	head -c "$3" /dev/zero |
		dd of="$1" bs=1M oflag=seek_bytes seek="$2" conv=notrunc status=none
}

# json FILTER: a value out of the JSON document in $out
json()
{
	printf '%s' "$out" | jq -r "$1 | if . == null then error(\"null\") else . end" ||
		fail "no $1 in: $out"
}

# is WHAT GOT WANT
is()
{
	[ "$2" = "$3" ] || fail "$1 is '$2' instead of '$3'"
}

# loop FILE: attach a loop device until the test ends; its path is in $loop
loop()
{
	need losetup
	[ "$(id -u)" = 0 ] || skip "loop devices need root"
	loop=$(losetup --find --show "$1" 2> /dev/null) ||
		skip "no loop device to be had"
	trap 'losetup -d "$loop"' EXIT
}

# interrupt NUMBER BYTES COMMAND...: run the tool and end it at a write. Of that
# write the first BYTES are done, or the last ones with "tail:BYTES". True if it
# came to that write, false if the command was done before.
interrupt()
{
	local number=$1 bytes=${2#tail:} tail=() code=0

	[ "$2" = "$bytes" ] || tail=(INTERRUPT_TAIL=1)
	shift 2
	env "${tail[@]}" LD_PRELOAD="$INTERRUPT_SO" INTERRUPT_AT="$number" \
		INTERRUPT_BYTES="$bytes" "$PMEMSWAP_FMT" "$@" > .out 2> .err < /dev/null ||
		code=$?
	[ "$code" = 99 ]
}

# no_sync: from here on no write waits for the disk. The tool ends in the middle, not the
# machine, so what was written is there.
no_sync()
{
	export LD_PRELOAD="$INTERRUPT_SO" INTERRUPT_NO_SYNC=1
}

# copy FROM TO: keep the holes
copy()
{
	cp --sparse=always "$1" "$2"
}
