# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Every document parses and names its schema, version and command.
. "$CLI_LIB"

new_image r.img
envelope()
{
	is schema "$(json .schema)" pmemswap-fmt
	is version "$(json .schema_version)" 1
	is command "$(json .command)" "$1"
}
expect 0 fmt inspect --json r.img
envelope inspect
is device "$(json .device)" r.img
expect 0 fmt check --json r.img
envelope check
is result "$(json .result)" clean
expect 0 fmt list --json
envelope list
is "type of namespaces" "$(json '.namespaces | type')" array
scribble r.img 64
expect 1 fmt check --json --repair r.img
envelope check
is result "$(json .result)" repaired
is repaired "$(json .repaired.superblocks)" 1
