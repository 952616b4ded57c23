# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Zeros and random bytes are no region, to any command.
. "$CLI_LIB"

truncate -s 64M zeros.img
head -c 64M /dev/urandom > random.img
for image in zeros.img random.img; do
	expect 8 fmt inspect "$image"
	says "not a pmemswap region" "format"
	expect 8 fmt check "$image"
	says "not a pmemswap region"
	cp "$image" before
	expect 8 fmt check --repair "$image"
	cmp "$image" before
done
