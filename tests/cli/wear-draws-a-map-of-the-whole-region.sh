# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# SVG and PNG are well formed, of one size, and show the one hot slot.
. "$CLI_LIB"

need python3
new_image r.img --label '<&>'
"$POKE" r.img table 0 1 100
"$POKE" r.img entry 0 9000 900 0 0 0 0
expect 0 fmt wear --map r.svg r.img
expect 0 fmt wear --map r.png r.img

python3 - << 'EOF'
import struct, xml.etree.ElementTree as et, zlib

root = et.parse("r.svg").getroot()
assert root.tag.endswith("svg"), root.tag
text = " ".join("".join(t.itertext()) for t in root if t.tag.endswith("text"))
assert "max 900 (slot 9000)" in text and "<&>" in text, text
fills = [r.get("fill") for r in root if r.tag.endswith("rect")]
hottest, rest = "#5a0b3b", "#fff4d9"
assert hottest in fills and fills.count(rest) > 10, fills

data = open("r.png", "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
width, height = struct.unpack(">II", data[16:24])
assert (width, height) == (int(root.get("width")), int(root.get("height")))
at, packed = 8, b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + size]
    assert zlib.crc32(kind + body) == struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0]
    packed += body if kind == b"IDAT" else b""
    at += 12 + size
assert kind == b"IEND"
assert len(zlib.decompress(packed)) == height * (3 * width + 1)
EOF

expect 8 fmt wear --map r.jpg r.img
says "an .svg or a .png"
expect 8 fmt wear --map missing/r.png r.img
says "missing/r.png"
