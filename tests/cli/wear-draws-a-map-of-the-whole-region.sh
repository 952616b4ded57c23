# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The map is well-formed SVG and shows the one hot slot, where it is.
. "$CLI_LIB"

need python3
new_image r.img --label '<&>'
"$POKE" r.img table 0 1 100
"$POKE" r.img entry 0 9000 900 0 0 0 0
expect 0 fmt wear --map r.svg r.img

python3 - << 'EOF'
import xml.etree.ElementTree as et

root = et.parse("r.svg").getroot()
assert root.tag.endswith("svg"), root.tag
text = " ".join("".join(t.itertext()) for t in root if t.tag.endswith("text"))
assert "max 900 (slot 9000)" in text and "<&>" in text, text

rects = [r for r in root if r.tag.endswith("rect")]
width, height = int(root.get("width")), int(root.get("height"))
for r in rects:
    assert 0 <= int(r.get("x")) and int(r.get("x")) + int(r.get("width")) <= width
    assert 0 <= int(r.get("y")) and int(r.get("y")) + int(r.get("height")) <= height
hottest, rest = "#5a0b3b", "#fff4d9"
assert len([r for r in rects if r.get("fill") == rest]) > 10
# The first is the cell, the other one ends the scale.
cell, scale = [r for r in rects if r.get("fill") == hottest]
left, top = min((int(r.get("x")), int(r.get("y"))) for r in rects if r.get("fill") == rest)
assert (int(cell.get("x")) - left) // 8 + (int(cell.get("y")) - top) // 8 * 128 == 9000 // 2
EOF

for map in r.png r.jpg .svg svg; do
	expect 16 fmt wear --map "$map" r.img
	says "'$map' is not a name that ends in .svg" "written as SVG"
	[ ! -e "$map" ] || fail "$map was written"
done
expect 8 fmt wear --map missing/r.svg r.img
says "missing/r.svg"
