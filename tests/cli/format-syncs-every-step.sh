# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Each write is persistent before the next one begins.
. "$CLI_LIB"

# log_format OPTION...: format, and see how it wrote
log_format()
{
	rm -f log
	expect 0 env LD_PRELOAD="$INTERRUPT_SO" INTERRUPT_LOG=log "$PMEMSWAP_FMT" format \
		"$@" r.img
	is "order of the writes" \
		"$(cut -d ' ' -f 2 log | paste -d ' ' - - | sort -u)" "pwrite fdatasync"
	writes=$(grep -c pwrite log)
}

truncate -s 16M r.img
log_format
first=$writes
log_format -y --reset-wear
# A format over a region invalidates its two superblocks before.
is writes "$writes" $((first + 2))
