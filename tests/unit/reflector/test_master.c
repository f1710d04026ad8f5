/* SPDX-License-Identifier: Apache-2.0 */
/* The master key's file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "collector/reflector/master.h"

static void key_is_made_once_and_for_its_owner_alone(void **state)
{
	char folder[] = "/tmp/test-master-XXXXXX", path[64];
	uint8_t one[STAMP_MASTER_BYTES], two[STAMP_MASTER_BYTES];
	struct stat found;
	struct err err;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/stamp.key", folder);
	assert_int_equal(master_read(folder, one, &err), -ENOENT);
	assert_non_null(strstr(err.text, "pantau init"));
	assert_int_equal(master_make(folder, &err), 1);
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0600);
	assert_int_equal(master_read(folder, one, &err), 0);
	assert_int_equal(master_make(folder, &err), 0);
	assert_int_equal(master_read(folder, two, &err), 0);
	assert_memory_equal(one, two, sizeof(one));
	assert_int_equal(truncate(path, 20), 0);
	assert_int_equal(master_read(folder, one, &err), -EINVAL);
	assert_null(strstr(err.text, "20")); /* nothing of a key in words */
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_is_made_once_and_for_its_owner_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
