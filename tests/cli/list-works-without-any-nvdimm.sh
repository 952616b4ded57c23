# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# An empty list is a list.
. "$CLI_LIB"

expect 0 fmt list
expect 0 fmt list --json
json '.namespaces | type' > /dev/null
if ! ls -d /sys/bus/nd/devices/ndbus* > /dev/null 2>&1; then
	is namespaces "$(json '.namespaces | length')" 0
	expect 0 fmt list
	says "no persistent-memory namespaces"
fi
