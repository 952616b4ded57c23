# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Each command has its help; asking for it is no error.
. "$CLI_LIB"

expect 0 fmt --version
says "pmemswap-fmt " "format version 1"
expect 0 fmt --help
for command in $(printf '%s\n' "$out" | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	says "$command"
	expect 0 fmt "$command" --help
	is "what is on stderr" "$err" ""
	case $out in
	"Usage: pmemswap-fmt $command "*) ;;
	*) fail "the help of $command begins otherwise: $out" ;;
	esac
	expect 0 fmt --help
done
