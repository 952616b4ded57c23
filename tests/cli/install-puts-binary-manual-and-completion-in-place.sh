# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# make install honours DESTDIR and PREFIX, and the completion knows every command.
. "$CLI_LIB"

make -s -C "$TOP/tools" O="$PWD/build" install DESTDIR="$PWD/root" PREFIX=/usr
expect 0 root/usr/sbin/pmemswap-fmt --help
commands=$(printf '%s\n' "$out" | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
man=root/usr/share/man/man8/pmemswap-fmt.8

# shellcheck source=/dev/null
. root/usr/share/bash-completion/completions/pmemswap-fmt
compopt() { :; }
# complete_words WORD...: what may follow
complete_words()
{
	COMP_WORDS=(pmemswap-fmt "$@")
	COMP_CWORD=$#
	_pmemswap_fmt
	printf '%s\n' "${COMPREPLY[@]}"
}

for command in $commands; do
	complete_words "" | grep -qx "$command" || fail "no completion of $command"
	grep -q "^\.Ss $command$" "$man" || fail "no manual of $command"
	expect 0 root/usr/sbin/pmemswap-fmt "$command" --help
	options=$(printf '%s\n' "$out" | grep -o -E -e '--[a-z-]+' | sort -u)
	is "completion of $command" "$(complete_words "$command" -- | sort -u)" "$options"
	for option in $options; do
		[ "$option" = --help ] || grep -q "Fl -${option#--}" "$man" ||
			fail "no manual of $command $option"
	done
done
