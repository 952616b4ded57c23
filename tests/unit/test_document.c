// SPDX-License-Identifier: GPL-2.0
/*
 * test_document.c - FORMAT.md and media.h say the same
 */
#include "rig.h"

#ifndef FORMAT_MD
#error "FORMAT_MD must name the document"
#endif

struct field {
	const char *name;
	size_t off;
	size_t bytes;
};

#define FIELD(type, member)	\
	{ #member, offsetof(struct type, member), \
	  sizeof(((struct type *)0)->member) }
#define END	{ NULL, 0, 0 }

static const struct field super_fields[] = {
	FIELD(psw_media_super, magic),
	FIELD(psw_media_super, version),
	FIELD(psw_media_super, checksum),
	FIELD(psw_media_super, sequence),
	FIELD(psw_media_super, compat),
	FIELD(psw_media_super, incompat),
	FIELD(psw_media_super, uuid),
	FIELD(psw_media_super, label),
	FIELD(psw_media_super, state),
	FIELD(psw_media_super, block_bytes),
	FIELD(psw_media_super, slot_bytes),
	FIELD(psw_media_super, entry_bytes),
	FIELD(psw_media_super, region_bytes),
	FIELD(psw_media_super, super_off),
	FIELD(psw_media_super, table_off),
	FIELD(psw_media_super, table_blocks),
	FIELD(psw_media_super, bad_off),
	FIELD(psw_media_super, bad_blocks),
	FIELD(psw_media_super, data_off),
	FIELD(psw_media_super, slots_nr),
	FIELD(psw_media_super, table_seed),
	FIELD(psw_media_super, table_generation),
	FIELD(psw_media_super, attach_generation),
	FIELD(psw_media_super, format_time),
	FIELD(psw_media_super, attach_time),
	FIELD(psw_media_super, checkpoint_time),
	FIELD(psw_media_super, slot_writes),
	FIELD(psw_media_super, moved_writes),
	FIELD(psw_media_super, meta_bytes),
	FIELD(psw_media_super, lost_pages),
	FIELD(psw_media_super, prev_checkpoint_time),
	FIELD(psw_media_super, prev_slot_writes),
	FIELD(psw_media_super, reserved),
	END
};

static const struct field block_fields[] = {
	FIELD(psw_media_table_block, checksum),
	FIELD(psw_media_table_block, entries_nr),
	FIELD(psw_media_table_block, index),
	FIELD(psw_media_table_block, generation),
	FIELD(psw_media_table_block, reserved),
	FIELD(psw_media_table_block, entry),
	END
};

static const struct field entry_fields[] = {
	FIELD(psw_media_entry, wear),
	FIELD(psw_media_entry, sum),
	FIELD(psw_media_entry, owner_page),
	FIELD(psw_media_entry, owner_area),
	FIELD(psw_media_entry, flags),
	END
};

static const struct field bad_fields[] = {
	FIELD(psw_media_bad, slot),
	FIELD(psw_media_bad, reason),
	FIELD(psw_media_bad, checksum),
	END
};

/* "8", "8, 8" or "16 x 252" in bytes. */
static size_t size_in_bytes(const char *text)
{
	unsigned long first = 0, second = 0;

	if (sscanf(text, "%lu x %lu", &first, &second) == 2)
		return first * second;
	if (sscanf(text, "%lu, %lu", &first, &second) == 2)
		return first + second;
	return first;
}

/* The next row of a table "| Offset | Size | Name | ..."; false at its end. */
static bool next_row(FILE *document, size_t *off, size_t *bytes, char name[64])
{
	char line[512], size[64];

	if (!fgets(line, sizeof(line), document))
		return false;
	if (sscanf(line, "| %zu | %63[^|] | %63s |", off, size, name) != 3)
		return false;
	*bytes = size_in_bytes(size);
	return true;
}

static void find_table(FILE *document)
{
	char line[512];

	while (fgets(line, sizeof(line), document)) {
		if (!strstr(line, "| Offset | Size | Name |"))
			continue;
		/* The rule below the head. */
		assert_non_null(fgets(line, sizeof(line), document));
		return;
	}
	fail_msg("FORMAT.md has too few tables of fields");
}

static void every_field_is_where_the_document_says(void **state)
{
	/* In the order of the document, and of media.h. */
	static const struct field *const structs[] = {
		super_fields, block_fields, entry_fields, bad_fields
	};
	FILE *document = fopen(FORMAT_MD, "r");
	unsigned int i;

	assert_non_null(document);
	for (i = 0; i < ARRAY_SIZE(structs); i++) {
		const struct field *field = structs[i];
		size_t off, bytes;
		char name[64];

		find_table(document);
		for (; next_row(document, &off, &bytes, name); field++) {
			assert_non_null(field->name);
			assert_string_equal(name, field->name);
			assert_int_equal(off, field->off);
			assert_int_equal(bytes, field->bytes);
		}
		assert_null(field->name);
	}
	fclose(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_where_the_document_says),
	};

	return rig_main("document", tests);
}
