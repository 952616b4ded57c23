// SPDX-License-Identifier: GPL-2.0
/*
 * test_document.c - the tables of FORMAT.md, compared with pmemswap_format.h
 */
#include "rig.h"

#ifndef FORMAT_MD
#error "FORMAT_MD must name the document"
#endif

struct field {
	const char *type;
	const char *name;
	size_t off;
	size_t bytes;
};

#define FIELD(type, name, off, bytes) { #type, #name, off, bytes },

/* In the order of the document, which has one table for each struct. */
static const struct field fields[] = {
	PSW_MEDIA_FIELDS(FIELD)
	{ NULL, NULL, 0, 0 }
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
		/* Skip the line below the head. */
		assert_non_null(fgets(line, sizeof(line), document));
		return;
	}
	fail_msg("FORMAT.md has too few tables of fields");
}

static void every_field_is_where_the_document_says(void **state)
{
	FILE *document = fopen(FORMAT_MD, "r");
	const struct field *field = fields;

	assert_non_null(document);
	while (field->type) {
		const char *type = field->type;
		size_t off, bytes;
		char name[64];

		find_table(document);
		for (; next_row(document, &off, &bytes, name); field++) {
			assert_non_null(field->type);
			assert_string_equal(field->type, type);
			assert_string_equal(name, field->name);
			assert_int_equal(off, field->off);
			assert_int_equal(bytes, field->bytes);
		}
		/* The table ends where the struct does. */
		assert_true(!field->type || strcmp(field->type, type));
	}
	fclose(document);
}

#define QUOTE_EXPANDED(text) #text
#define QUOTE(text) QUOTE_EXPANDED(text)

/* As it is written in C, between backquotes instead of quotes. */
static void the_magic_is_what_the_document_says(void **state)
{
	const char quoted[] = QUOTE(PSW_MEDIA_MAGIC);
	FILE *document = fopen(FORMAT_MD, "r");
	char want[80], line[512];
	bool found = false;

	assert_non_null(document);
	snprintf(want, sizeof(want), "| 0 | 16 | magic | `%.*s` |",
		 (int)strlen(quoted) - 2, quoted + 1);
	while (!found && fgets(line, sizeof(line), document))
		found = strstr(line, want);
	fclose(document);
	assert_true(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_where_the_document_says),
		cmocka_unit_test(the_magic_is_what_the_document_says),
	};

	return rig_main("document", tests);
}
