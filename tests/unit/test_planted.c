// SPDX-License-Identifier: GPL-2.0
/*
 * test_planted.c - proof that other tests can fail
 *
 * The Makefile builds them once more, each with a bug planted in one file of the
 * engine. Here they run, and must say what is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SAID_BYTES	(1u << 20)

/* The file @name beside this program. */
static void path_of(const char *name, char *path, size_t bytes)
{
	ssize_t used = readlink("/proc/self/exe", path, bytes - 1);
	char *slash;

	assert_true(used > 0);
	path[used] = '\0';
	slash = strrchr(path, '/');
	assert_non_null(slash);
	snprintf(slash + 1, bytes - (slash + 1 - path), "%s", name);
}

/* Run a program: all that it says, to be freed; it must fail. */
static char *said_by(const char *name)
{
	char path[4096], command[4096 + 8];
	char *said = calloc(1, SAID_BYTES);
	FILE *output;
	size_t used;

	assert_non_null(said);
	path_of(name, path, sizeof(path));
	snprintf(command, sizeof(command), "'%s' 2>&1", path);
	output = popen(command, "r");
	assert_non_null(output);
	used = fread(said, 1, SAID_BYTES - 1, output);
	said[used] = '\0';
	assert_int_not_equal(pclose(output), 0);
	return said;
}

/* Whether a line of @said says of a test that it failed. */
static bool says_failed(const char *said, const char *test)
{
	size_t length = strlen(test);
	const char *at;

	for (at = said; (at = strstr(at, "not ok ")); at++) {
		const char *end = at + strcspn(at, "\n");

		if ((size_t)(end - at) > length &&
		    !strncmp(end - length, test, length))
			return true;
	}
	return false;
}

static void assert_noticed(const char *name, const char *test, const char *how)
{
	char *said = said_by(name);
	bool noticed = strstr(said, how) && (!test || says_failed(said, test));

	if (!noticed)
		print_error("%s", said);
	free(said);
	assert_true(noticed);
}

static void a_mover_without_rcu_is_noticed(void **state)
{
#ifdef __SANITIZE_ADDRESS__
	/* That ends the program, before any test could fail. */
	assert_noticed("planted_mover_without_rcu", NULL, "heap-use-after-free");
#else
	print_message("what is used after it was freed shows under AddressSanitizer only\n");
	skip();
#endif
}

static void a_mover_that_holds_no_slot_is_noticed(void **state)
{
	assert_noticed("planted_mover_that_holds_no_slot",
		       "a_slot_is_not_written_anew_while_the_mover_reads_it",
		       "the slot was written while the mover reads it");
}

static void a_mover_that_seals_damage_is_noticed(void **state)
{
	assert_noticed("planted_mover_that_seals_damage",
		       "a_damaged_page_is_not_sealed_anew_by_a_move",
		       "run_with_one_move_allowed");
}

static void a_mover_without_a_gap_is_noticed(void **state)
{
	assert_noticed("planted_mover_without_a_gap",
		       "a_page_moves_as_soon_as_the_gap_is_there_and_no_sooner",
		       "0x1 != 0");
}

static void a_cut_that_forgets_who_is_leaving_is_noticed(void **state)
{
	assert_noticed("planted_recovery_that_forgets_who_is_leaving",
		       "slots_freed_by_moves_are_charged_with_what_they_took",
		       "charged >= took / 4");
}

static void a_cut_that_spares_nobody_is_noticed(void **state)
{
	assert_noticed("planted_recovery_that_spares_nobody",
		       "slots_at_rest_keep_their_wear_over_a_cut", "!=");
}

static void a_table_written_over_the_current_copy_is_noticed(void **state)
{
	assert_noticed("planted_table_over_the_current_copy",
		       "a_fresh_region_survives_a_cut_at_any_moment",
		       "the table in force is not whole");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mover_without_rcu_is_noticed),
		cmocka_unit_test(a_mover_that_holds_no_slot_is_noticed),
		cmocka_unit_test(a_mover_that_seals_damage_is_noticed),
		cmocka_unit_test(a_mover_without_a_gap_is_noticed),
		cmocka_unit_test(a_cut_that_forgets_who_is_leaving_is_noticed),
		cmocka_unit_test(a_cut_that_spares_nobody_is_noticed),
		cmocka_unit_test(a_table_written_over_the_current_copy_is_noticed),
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	setenv("CMOCKA_MESSAGE_OUTPUT", "TAP", 1);
	return cmocka_run_group_tests_name("planted", tests, NULL, NULL);
}
