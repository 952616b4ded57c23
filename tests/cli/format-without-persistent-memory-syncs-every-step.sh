# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A file on an ordinary file system is written by msync(), in the same steps.
. "$CLI_LIB"

truncate -s 16M r.img
expect 0 env LD_PRELOAD="$INTERRUPT_SO" INTERRUPT_LOG=log "$PMEMSWAP_FMT" format r.img
is "ways to write" "$(cut -d ' ' -f 2 log | sort -u)" msync
msyncs=$(wc -l < log)
rm log
expect 0 env PMEM_IS_PMEM_FORCE=1 LD_PRELOAD="$INTERRUPT_SO" INTERRUPT_LOG=log \
	"$PMEMSWAP_FMT" format -y --reset-wear r.img
is "ways to write" "$(cut -d ' ' -f 2 log | sort -u)" memcpy
# A format over a region invalidates its two superblocks before.
is "writes" "$(wc -l < log)" $((msyncs + 2))
