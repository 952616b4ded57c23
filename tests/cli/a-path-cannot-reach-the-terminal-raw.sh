# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Control characters and bytes that are no UTF-8 are escaped, in text and in JSON.
. "$CLI_LIB"

need python3 mkswap
odd=$(printf 'a\033[2J\nb\302\205\377\303\244.img')
shown='a\x1b[2J\x0ab\xc2\x85\xff'$(printf '\303\244').img

# printable: neither output has a control character but the newline, or invalid UTF-8
printable()
{
	python3 - << 'EOF'
for name in ".out", ".err":
    text = open(name, encoding="utf-8", errors="strict").read()
    bad = [c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert not bad, (name, bad)
EOF
}

expect 8 fmt inspect "$odd"
says "$shown: No such file"
printable
truncate -s 64M -- "$odd"
for command in inspect check "check --repair" wear "format --dry-run" format "format -y" \
	"format --size 64M" wipe "wipe --yes" inspect; do
	# shellcheck disable=SC2086 # words
	fmt $command "$odd" > .out 2> .err < /dev/null || :
	printable
done
expect 0 fmt format "$odd"
says "device: $shown"
expect 0 fmt inspect "$odd"
says "device: $shown"
expect 0 fmt check "$odd"
says "$shown: clean"
expect 8 fmt wear --map "$odd/x.svg" "$odd"
printable
expect 16 fmt check "$odd" "$odd"
printable

for command in inspect check wear; do
	expect 0 fmt $command --json "$odd"
	printable
	is "device of $command" "$(json .device)" \
		"$(printf 'a\033[2J\nb\\xc2\\x85\\xff\303\244.img')"
done
