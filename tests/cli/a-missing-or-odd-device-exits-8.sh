# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# What is not there, a directory and a character device are refused.
. "$CLI_LIB"

for command in format inspect check "check --repair"; do
	# shellcheck disable=SC2086 # two words
	expect 8 fmt $command missing.img
	says "missing.img" "No such file"
	# shellcheck disable=SC2086
	expect 8 fmt $command .
	says "neither a block device nor a file"
	# shellcheck disable=SC2086
	expect 8 fmt $command /dev/null
	says "character device" "fsdax"
done

for path in missing.img . /dev/null; do
	expect 8 fmt scrub "$path"
	says "$path: "
done
expect 16 fmt scrub --stop --no-wait /dev/null
