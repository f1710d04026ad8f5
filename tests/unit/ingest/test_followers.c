/* SPDX-License-Identifier: Apache-2.0 */
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

#include "collector/followers.h"
#include "common/file.h"

static int setup(void **state)
{
	char path[128];

	*state = strdup("/tmp/pantau-followers-XXXXXX");
	if (!mkdtemp(*state))
		return -1;
	snprintf(path, sizeof(path), "%s/" FOLLOWERS_FOLDER, (char *)*state);
	return mkdir(path, 0700);
}

static int teardown(void **state)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/" FOLLOWERS_NAME, (char *)*state);
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	rmdir(*state);
	free(*state);
	return 0;
}

static struct follower follower(uint32_t agent, uint32_t version, uint32_t refused, const char *why)
{
	struct follower follower = {
		.agent = agent, .said = {.version = version, .refused = refused}, .at_s = 5};

	snprintf(follower.said.trouble, sizeof(follower.said.trouble), "%s", why);
	return follower;
}

static void write_file(const char *state, const void *bytes, size_t length)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/" FOLLOWERS_NAME, state);
	assert_int_equal(file_replace(path, bytes, length, 0640, NULL), 0);
}

static void what_agents_said_survives_the_process(void **state)
{
	struct follower said[] = {follower(9, 3, 0, ""), follower(7, 1, 2, "a \"b\" c"),
		follower(UINT32_MAX, UINT32_MAX, 0, "")};
	struct followers *followers, *back;
	struct err err;
	struct buf out;

	buf_init(&out, 1 << 20);
	assert_int_equal(followers_read(*state, &followers, &err), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(followers_take(followers, &said[i]), 1);
	assert_int_equal(followers_encode(followers, &out), 0);
	write_file(*state, buf_peek(&out), buf_length(&out));
	assert_int_equal(followers_read(*state, &back, &err), 0);
	for (size_t i = 0; i < 3; i++)
		assert_memory_equal(followers_find(back, said[i].agent), &said[i], sizeof(said[i]));
	assert_null(followers_find(back, 8));
	followers_free(followers);
	followers_free(back);
	buf_done(&out);
}

static void only_news_are_news(void **state)
{
	struct follower same = follower(7, 3, 0, ""), other = follower(7, 3, 4, "no"),
			nothing = follower(8, 0, 0, ""), back = follower(7, 0, 0, "");
	struct followers *followers;
	struct err err;

	assert_int_equal(followers_read(*state, &followers, &err), 0);
	assert_int_equal(followers_take(followers, &same), 1);
	same.at_s = 99;
	assert_int_equal(followers_take(followers, &same), 0);
	assert_int_equal(followers_find(followers, 7)->at_s, 5);
	assert_int_equal(followers_take(followers, &other), 1);
	assert_int_equal(followers_take(followers, &nothing), 0);
	assert_null(followers_find(followers, 8));
	assert_int_equal(followers_take(followers, &back), 1); /* it followed something before */
	followers_free(followers);
}

static void a_damaged_file_is_said_to_be_so(void **state)
{
	static const char *const texts[] = {"", "{", "[]", "{\"agents\":3}",
		"{\"agents\":[{\"id\":0,\"version\":1,\"refused\":0,\"trouble\":\"\",\"at_s\":1}]}",
		"{\"agents\":[{\"id\":1,\"version\":1,\"refused\":0,\"at_s\":1}]}"};
	struct followers *followers = NULL;
	struct err err;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_file(*state, texts[i], strlen(texts[i]));
		assert_int_equal(followers_read(*state, &followers, &err), -EBADMSG);
		assert_non_null(strstr(err.text, FOLLOWERS_NAME));
		assert_null(followers);
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_agents_said_survives_the_process),
		CASE(only_news_are_news),
		CASE(a_damaged_file_is_said_to_be_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
