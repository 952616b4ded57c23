# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Usage errors say what was wrong, on stderr, and write nothing to stdout.
. "$CLI_LIB"

usage()
{
	expect 16 fmt "$@"
	is "what is on stdout" "$out" ""
	[ -n "$err" ] || fail "nothing is on stderr"
}

truncate -s 64M r.img
usage
usage nonsense
usage format
usage format r.img r.img
usage format --nonsense r.img
says "pmemswap-fmt: format: " "--nonsense" "Try 'pmemswap-fmt format --help'."
usage format -x r.img
usage format --label
usage --nonsense
usage format --label 1234567890123456 r.img
usage format --label "$(printf 'a\tb')" r.img
usage format --uuid 12345 r.img
usage format --uuid 00000000-0000-0000-0000-000000000000 r.img
usage format --size 12Q r.img
usage format --size 64M --dry-run new.img
usage inspect
usage inspect --slots r.img
usage check --force r.img
usage wear
usage wear --endurance x r.img
usage wear --map r.png r.img
usage list r.img
[ -z "$(tr -d '\0' < r.img | head -c 1)" ] || fail "something was written"
