# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A terminal is asked before an existing region is formatted; only yes is yes.
. "$CLI_LIB"

need python3
cat > ask.py << 'EOF'
"""ask.py ANSWER COMMAND...: run it on a terminal, answer its question."""
import os, pty, sys

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
while b"[y/N]" not in said:
    said += os.read(terminal, 4096)
os.write(terminal, sys.argv[1].encode() + b"\n")
try:
    while os.read(terminal, 4096):
        pass
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF
new_image r.img --label old
cp r.img before
for answer in n "" no x; do
	expect 8 python3 ask.py "$answer" "$PMEMSWAP_FMT" format --label new r.img
	cmp r.img before
done
expect 0 python3 ask.py y "$PMEMSWAP_FMT" format --label new r.img
expect 0 fmt inspect --json r.img
is label "$(json .region.label)" new
