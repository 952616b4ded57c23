# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
# shell.sh - what "vm shell" does before it hands over

# shellcheck source=tests/guest/lib.sh
. /share/lib.sh

start_store
cat <<HELP

/dev/pmem0 is formatted, attached and swapped on as /dev/$disk. Try:
  hog --mib 500 --passes 2             memory pressure, verified
  grep . /sys/block/$disk/* 2>/dev/null
  pmemswap-fmt inspect /dev/pmem0
"exit" powers off; /share is build/guest/shell/share on the host.

HELP
