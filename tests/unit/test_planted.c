// SPDX-License-Identifier: GPL-2.0
/*
 * test_planted.c - proof that other tests fail when the engine has a bug
 *
 * Each patch in the folder "planted" breaks one invariant in one file of the
 * engine. The Makefile links a test program with that file. This test runs the
 * program, which must fail. The head of a patch has these lines:
 *
 *	Invariant: the invariant that the patch breaks
 *	Test: the program that must fail
 *	Fails: the test that must fail; without this line, any failure will do
 *	Says: text that the output must contain
 *	Needs: "address" if only AddressSanitizer finds the bug
 *
 * Usage: test_planted [PROGRAM]
 *
 * With a program, only the bugs that this program must notice are planted.
 */
#include <dirent.h>
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

#define OUTPUT_BYTES	(1u << 20)
#define BUGS_MAX	64

/* A planted bug. A string is empty if its line is missing in the patch. */
struct bug {
	char name[128];
	char test[64];
	char fails[256];
	char says[256];
	char needs[32];
};

static struct bug bugs[BUGS_MAX];
static struct CMUnitTest tests[BUGS_MAX];

static void bug_read_line(struct bug *bug, const char *line)
{
	sscanf(line, "Test: %63[^\n]", bug->test);
	sscanf(line, "Fails: %255[^\n]", bug->fails);
	sscanf(line, "Says: %255[^\n]", bug->says);
	sscanf(line, "Needs: %31[^\n]", bug->needs);
}

static void bug_read(struct bug *bug, const char *file)
{
	char path[4096], line[512];
	FILE *patch;

	snprintf(bug->name, sizeof(bug->name), "%.*s",
		 (int)(strlen(file) - strlen(".patch")), file);
	snprintf(path, sizeof(path), "%s/%s", PLANTED_DIR, file);
	patch = fopen(path, "r");
	if (!patch) {
		perror(path);
		exit(1);
	}
	while (fgets(line, sizeof(line), patch) && *line != '\n')
		bug_read_line(bug, line);
	fclose(patch);
}

/* Run the program of a bug, which must fail. Return: its output; the caller frees it. */
static char *run(const struct bug *bug)
{
	char self[4096] = "", command[8192];
	char *output = calloc(1, OUTPUT_BYTES);
	FILE *pipe;
	size_t used;

	assert_non_null(output);
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	*strrchr(self, '/') = '\0';
	snprintf(command, sizeof(command), "'%s/planted/%s' 2>&1", self, bug->name);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	used = fread(output, 1, OUTPUT_BYTES - 1, pipe);
	output[used] = '\0';
	assert_int_not_equal(pclose(pipe), 0);
	return output;
}

/* Whether @test failed, according to a line of the output. */
static bool has_failed(const char *output, const char *test)
{
	size_t length = strlen(test);
	const char *at;

	for (at = output; (at = strstr(at, "not ok ")); at++) {
		const char *end = at + strcspn(at, "\n");

		if ((size_t)(end - at) > length &&
		    !strncmp(end - length, test, length))
			return true;
	}
	return false;
}

static void the_bug_is_noticed(void **state)
{
	const struct bug *bug = *state;
	char *output;
	bool noticed;

#ifndef __SANITIZE_ADDRESS__
	if (!strcmp(bug->needs, "address")) {
		print_message("only AddressSanitizer notices this bug\n");
		skip();
	}
#endif
	/* A slow program need not run its other tests. */
	setenv("TEST", *bug->fails ? bug->fails : "*", 1);
	output = run(bug);
	noticed = strstr(output, bug->says) &&
		  (!*bug->fails || has_failed(output, bug->fails));
	if (!noticed)
		print_error("%s", output);
	free(output);
	assert_true(noticed);
}

/* Only tests/crash builds the tool, whose libraries the unit tests do not need. */
static bool bug_is_of_tool(const struct bug *bug)
{
	return !strcmp(bug->test, "test_crash_tool");
}

/*
 * Read the bugs that @program must notice; if NULL, all but those of the tool. Return:
 * how many there are.
 */
static size_t bugs_read(const char *program)
{
	DIR *folder = opendir(PLANTED_DIR);
	struct dirent *entry;
	size_t bugs_nr = 0;

	while (folder && (entry = readdir(folder)) && bugs_nr < BUGS_MAX) {
		struct bug *bug = &bugs[bugs_nr];

		if (!strstr(entry->d_name, ".patch"))
			continue;
		memset(bug, 0, sizeof(*bug));
		bug_read(bug, entry->d_name);
		if (program ? strcmp(program, bug->test) != 0 : bug_is_of_tool(bug))
			continue;
		tests[bugs_nr++] = (struct CMUnitTest) {
			.name = bug->name,
			.test_func = the_bug_is_noticed,
			.initial_state = bug,
		};
	}
	if (folder)
		closedir(folder);
	return bugs_nr;
}

int main(int argc, char **argv)
{
	size_t bugs_nr = bugs_read(argc > 1 ? argv[1] : NULL);

	if (!bugs_nr) {
		fprintf(stderr, "%s: no patches\n", PLANTED_DIR);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	setenv("CMOCKA_MESSAGE_OUTPUT", "TAP", 1);
	return _cmocka_run_group_tests("planted", tests, bugs_nr, NULL, NULL);
}
