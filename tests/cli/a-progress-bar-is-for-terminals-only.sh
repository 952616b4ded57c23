# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Long work shows a bar on a terminal, and nothing in a pipe.
. "$CLI_LIB"

need python3
expect 0 fmt format --size 8G r.img
expect 0 fmt check r.img
is "what a pipe gets on stderr" "$err" ""
expect 0 python3 -c 'import pty, sys
sys.exit(pty.spawn([sys.argv[1], "check", "r.img"]))' "$PMEMSWAP_FMT"
says "Reading the slot table [" " %"
