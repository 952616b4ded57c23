# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Each command has its help; asking for it is no error.
. "$CLI_LIB"

version=$(sed -n 's/^PMEMSWAP_VERSION := //p' "$TOP/Kbuild")
[ -n "$version" ] || fail "no version in Kbuild"
expect 0 fmt --version
is version "$out" "pmemswap-fmt $version (format version 1)"
expect 0 fmt --help
for command in $(printf '%s\n' "$out" | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	expect 0 fmt "$command" --help
	is "what is on stderr" "$err" ""
	case $out in
	"Usage: pmemswap-fmt $command "*) ;;
	*) fail "the help of $command begins otherwise: $out" ;;
	esac
	for option in -h --usage; do
		expect 0 fmt "$command" "$option"
		says "Usage: pmemswap-fmt $command ["
		is "what is on stderr" "$err" ""
	done
	expect 0 fmt "$command" -V
	says "pmemswap-fmt " "format version 1"
done
expect 0 fmt --usage
is usage "$out" "Usage: pmemswap-fmt COMMAND [OPTION...] [DEVICE]"
expect 0 fmt help
says "Commands:"
# Every option with a letter is in the usage line, with its argument.
expect 0 fmt inspect --usage
is usage "$out" "Usage: pmemswap-fmt inspect [-vjhV] [-s RANGES] DEVICE"
