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
	char fails[256];
	char says[256];
	char needs[32];
};

static struct bug bugs[BUGS_MAX];
static struct CMUnitTest tests[BUGS_MAX];

static void bug_read_line(struct bug *bug, const char *line)
{
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
	output = run(bug);
	noticed = strstr(output, bug->says) &&
		  (!*bug->fails || has_failed(output, bug->fails));
	if (!noticed)
		print_error("%s", output);
	free(output);
	assert_true(noticed);
}

int main(void)
{
	DIR *folder = opendir(PLANTED_DIR);
	struct dirent *entry;
	size_t bugs_nr = 0;

	while (folder && (entry = readdir(folder)) && bugs_nr < BUGS_MAX) {
		struct bug *bug = &bugs[bugs_nr];

		if (!strstr(entry->d_name, ".patch"))
			continue;
		bug_read(bug, entry->d_name);
		tests[bugs_nr++] = (struct CMUnitTest) {
			.name = bug->name,
			.test_func = the_bug_is_noticed,
			.initial_state = bug,
		};
	}
	if (!bugs_nr) {
		fprintf(stderr, "%s: no patches\n", PLANTED_DIR);
		return 1;
	}
	closedir(folder);
	setvbuf(stdout, NULL, _IOLBF, 0);
	setenv("CMOCKA_MESSAGE_OUTPUT", "TAP", 1);
	return _cmocka_run_group_tests("planted", tests, bugs_nr, NULL, NULL);
}
