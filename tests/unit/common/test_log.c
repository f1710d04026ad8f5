/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

static char line[4096];

/* Standard error goes into a file for the time of one message. */
static const char *catch_line(void (*say)(void))
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t length;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	say();
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	length = fread(line, 1, sizeof line - 1, file);
	line[length] = '\0';
	fclose(file);
	return line;
}

static void say_warning(void)
{
	log_warn("agent %d: %s", 7, "bad frame");
}

static void say_debug(void)
{
	log_debug("detail");
}

static void say_hostile(void)
{
	log_error("name \"%s\"", "a\nfake line\x1b[31m");
}

static void say_long(void)
{
	char text[3000];

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	log_error("%s", text);
}

static void a_line_has_time_and_word(void **state)
{
	const char *text;

	unsetenv("JOURNAL_STREAM");
	text = catch_line(say_warning);
	assert_int_equal(text[4], '-');
	assert_int_equal(text[23], 'Z');
	assert_string_equal(text + 24, " warning: agent 7: bad frame\n");
}

static void the_journal_gets_the_level_as_a_number(void **state)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	assert_string_equal(catch_line(say_warning), "<4>agent 7: bad frame\n");
	unsetenv("JOURNAL_STREAM");
}

static void the_level_decides_what_is_said(void **state)
{
	assert_string_equal(catch_line(say_debug), "");
	log_set_level(LOG_LEVEL_DEBUG);
	assert_non_null(strstr(catch_line(say_debug), " debug: detail\n"));
	log_set_level(LOG_LEVEL_ERROR);
	assert_string_equal(catch_line(say_warning), "");
	log_set_level(LOG_LEVEL_INFO);
}

static void a_message_stays_one_line(void **state)
{
	const char *text = catch_line(say_hostile);

	assert_non_null(strstr(text, "name \"a fake line [31m\"\n"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	text = catch_line(say_long);
	assert_int_equal(strlen(text), 1023);
	assert_int_equal(text[1022], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_time_and_word),
		cmocka_unit_test(the_journal_gets_the_level_as_a_number),
		cmocka_unit_test(the_level_decides_what_is_said),
		cmocka_unit_test(a_message_stays_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
