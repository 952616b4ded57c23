# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash source=tests/cli/lib.bash
# The secondary superblock alone does not make a region of somebody else's data.
. "$CLI_LIB"

need cryptsetup mkswap mkfs.vfat pvcreate sfdisk busybox python3

# over KIND FILE: write over a region with the tools that do so
over()
{
	case $1 in
	luks) echo secret | cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 \
		--pbkdf-force-iterations 1000 "$2" - ;;
	swap) mkswap "$2" ;;
	busybox-swap) busybox mkswap "$2" ;;
	vfat) mkfs.vfat "$2" ;;
	lvm)
		loop "$2"
		pvcreate -y --config 'devices { use_devicesfile=0 }' "$loop"
		losetup -d "$loop"
		trap - EXIT
		;;
	dos) echo 'label: dos' | sfdisk -q "$2" ;;
	gpt) echo 'label: gpt' | sfdisk -q "$2" ;;
	zeros) dd if=/dev/zero of="$2" bs=1M count=4 conv=notrunc ;;
	esac
}

declare -A named=([luks]=crypto_LUKS [swap]=swap [busybox-swap]=swap [vfat]=vfat
	[lvm]=LVM2_member [dos]=dos [gpt]=gpt [zeros]=)

for kind in "${!named[@]}"; do
	rm -f r.img
	new_image r.img --label lost
	"$POKE" r.img table 0 3 77
	over "$kind" r.img > .over 2>&1 || fail "$kind: $(cat .over)"
	copy r.img before

	expect 4 fmt check --json r.img
	is "foreign signature" "$(printf '%s' "$out" | jq -r '.foreign_signature // ""')" \
		"${named[$kind]}"
	expect 4 fmt check r.img
	says "${named[$kind]}" "something else was written over the region"
	case $out$err in
	*"--repair repairs"*) fail "$kind: a repair is advised: $out$err" ;;
	esac
	expect 4 fmt check --repair r.img
	expect 8 fmt inspect r.img
	cmp r.img before
done

# Whoever knows better gets the region back.
rm -f r.img
new_image r.img --label back
over luks r.img > .over 2>&1
expect 1 fmt check --repair --force r.img
expect 0 fmt check r.img
expect 0 fmt inspect --json r.img
is label "$(json .region.label)" back

# A signature that left both superblocks alone stops a repair, too.
scribble r.img 300 8
# md 1.2 begins at 4096, and says in sectors where it is.
python3 -c 'import struct
image = open("r.img", "r+b")
image.seek(4096)
image.write(struct.pack("<II136xQ", 0xa92b4efc, 1, 8))'
blkid -p r.img | grep -q linux_raid_member || fail "no signature of md was made"
copy r.img before
expect 4 fmt check r.img
says "holds something else: linux_raid_member" "--repair --force"
expect 4 fmt check --repair r.img
says "holds something else: linux_raid_member" "--repair --force"
cmp r.img before
