// SPDX-License-Identifier: GPL-2.0
/*
 * super-edit - set fields of a superblock and seal it again
 *
 * Usage: super-edit DEVICE 0|1 FIELD=VALUE...
 *
 * For regions that only another version, or an attacker, would have written:
 * the checksum is right, the contents are not. FIELD is one of version, compat,
 * incompat, state, slots_nr, data_off, region_bytes; "checksum" sets it wrong.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../layout/pmemswap_layout.h"

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void set_field(struct psw_media_super *super, const char *name, __u64 value)
{
	if (!strcmp(name, "version"))
		super->version = __cpu_to_le32(value);
	else if (!strcmp(name, "compat"))
		super->compat = __cpu_to_le64(value);
	else if (!strcmp(name, "incompat"))
		super->incompat = __cpu_to_le64(value);
	else if (!strcmp(name, "state"))
		super->state = __cpu_to_le32(value);
	else if (!strcmp(name, "slots_nr"))
		super->slots_nr = __cpu_to_le64(value);
	else if (!strcmp(name, "data_off"))
		super->data_off = __cpu_to_le64(value);
	else if (!strcmp(name, "region_bytes"))
		super->region_bytes = __cpu_to_le64(value);
	else {
		fprintf(stderr, "super-edit: no field '%s'\n", name);
		exit(2);
	}
}

/* Apply all NAME=VALUE words, then seal; a checksum asked for comes after. */
static void edit(struct psw_media_super *super, char **words, int words_nr)
{
	bool damage = false;
	int i;

	for (i = 0; i < words_nr; i++) {
		char *value = strchr(words[i], '=');

		if (!value) {
			fprintf(stderr, "super-edit: '%s' is no FIELD=VALUE\n", words[i]);
			exit(2);
		}
		*value++ = '\0';
		if (!strcmp(words[i], "checksum"))
			damage = true;
		else
			set_field(super, words[i], strtoull(value, NULL, 0));
	}
	psw_super_seal(super);
	if (damage)
		super->checksum ^= __cpu_to_le32(1);
}

int main(int argc, char **argv)
{
	struct psw_media_super super;
	off_t size;
	__u64 off;
	int fd;

	if (argc < 4) {
		fputs("usage: super-edit DEVICE 0|1 FIELD=VALUE...\n", stderr);
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		die(argv[1]);
	size = lseek(fd, 0, SEEK_END);
	off = atoi(argv[2]) ? psw_super_secondary_off(NULL, size) : 0;
	if (pread(fd, &super, sizeof(super), off) != sizeof(super))
		die(argv[1]);
	edit(&super, argv + 3, argc - 3);
	if (pwrite(fd, &super, sizeof(super), off) != sizeof(super) || fsync(fd))
		die(argv[1]);
	return 0;
}
