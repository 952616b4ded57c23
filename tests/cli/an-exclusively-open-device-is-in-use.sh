# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# Whoever holds a device with O_EXCL keeps it.
. "$CLI_LIB"

need python3
truncate -s 64M r.img
loop r.img
mkfifo held release
python3 -c 'import os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_EXCL)
open("held", "w").close()
open("release").close()' "$loop" &
: < held
expect 8 fmt format -y --force "$loop"
says "in use"
: > release
wait
expect 0 fmt format -y --force "$loop"
