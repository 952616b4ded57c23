# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# A terminal is asked before an existing region is formatted; only yes is yes.
. "$CLI_LIB"

need python3 mkswap
cat > ask.py << 'EOF'
"""ask.py ANSWER COMMAND...: run it on a terminal, answer its question. The shell
command MEANWHILE of the environment runs while it waits for the answer."""
import os, pty, subprocess, sys

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
while b"[y/N]" not in said:
    said += os.read(terminal, 4096)
subprocess.check_call(os.environ.get("MEANWHILE", ":"), shell=True)
os.write(terminal, sys.argv[1].encode() + b"\n")
try:
    while (said := os.read(terminal, 4096)):
        sys.stdout.buffer.write(said)
except OSError:
    pass
sys.stdout.flush()
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

# What another program did meanwhile is not overwritten.
for meanwhile in "mkswap r.img" "dd if=/dev/zero of=r.img bs=4096 count=1 conv=notrunc"; do
	MEANWHILE="$meanwhile && cp r.img before" expect 8 python3 ask.py y \
		"$PMEMSWAP_FMT" format r.img
	says "was changed by another program"
	cmp r.img before
	rm r.img
	new_image r.img
done
