/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/err.h"

static void set_gives_code_and_text(void **state)
{
	struct err err = {0};

	assert_int_equal(err_set(&err, -EINVAL, "slot %d: %s", 7, "too long"), -EINVAL);
	assert_int_equal(err.code, -EINVAL);
	assert_string_equal(err.text, "slot 7: too long");
}

static void errno_adds_the_systems_words(void **state)
{
	struct err err = {0};

	assert_int_equal(err_errno(&err, -ENOENT, "%s", "a.conf"), -ENOENT);
	assert_string_equal(err.text, "a.conf: No such file or directory");
}

static void prefix_reads_from_effect_to_cause(void **state)
{
	struct err err = {0};

	err_set(&err, -EACCES, "ca.key: not readable");
	assert_int_equal(err_prefix(&err, "cannot start"), -EACCES);
	assert_string_equal(err.text, "cannot start: ca.key: not readable");
}

static void nobody_has_to_want_the_words(void **state)
{
	assert_int_equal(err_set(NULL, -EINVAL, "x"), -EINVAL);
	assert_int_equal(err_errno(NULL, -ENOENT, "x"), -ENOENT);
	assert_int_equal(err_prefix(NULL, "x"), -EIO);
}

static void long_text_is_cut_not_overrun(void **state)
{
	char longer[2 * ERR_TEXT_BYTES];
	struct err err = {0};

	memset(longer, 'a', sizeof longer);
	longer[sizeof longer - 1] = '\0';
	err_set(&err, -EINVAL, "%s", longer);
	assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
	err_prefix(&err, "%s", longer);
	assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
	err_errno(&err, -ENOENT, "%s", longer);
	assert_int_equal(strlen(err.text), ERR_TEXT_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_gives_code_and_text),
		cmocka_unit_test(errno_adds_the_systems_words),
		cmocka_unit_test(prefix_reads_from_effect_to_cause),
		cmocka_unit_test(nobody_has_to_want_the_words),
		cmocka_unit_test(long_text_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
