/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "swarm/roll.h"

#define HEAD "agent,link,folder,desa,provider,kind,mains,mbps_down,mbps_up\n"

static char folder[] = "/tmp/rollXXXXXX";

static int make_folders(void **state)
{
	static const char *const names[] = {"link-10", "link-2", ".hidden"};
	char path[64];

	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	return 0;
}

static int remove_folders(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void write_table(const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/agents.csv", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void folders_are_agents_in_the_order_of_their_numbers(void **state)
{
	struct roll roll;
	struct err err;

	assert_int_equal(roll_read(folder, 10, &roll, &err), 0);
	assert_int_equal(roll.count, 2);
	assert_non_null(strstr(roll.entries[0].folder, "/link-2"));
	assert_int_equal(roll.entries[1].subject.number, 2);
	assert_true(roll.entries[1].subject.mains);
	roll_done(&roll);
}

static void the_table_tells_more_of_them(void **state)
{
	const struct subject *subject;
	struct roll roll;
	struct err err;

	write_table(
		HEAD "7,10,link-10,64.02.03.2001,\"Penyedia \"\"Satu\"\", Timur\",vsat,no,10,2.5\n"
		     "8,11,elsewhere,64.02.03.2002,X,nonsense,no,10,2\n");
	assert_int_equal(roll_read(folder, 10, &roll, &err), 0);
	subject = &roll.entries[1].subject;
	assert_int_equal(subject->agent, 7);
	assert_int_equal(subject->link, 10);
	assert_string_equal(subject->provider, "Penyedia \"Satu\", Timur");
	assert_int_equal(subject->kind, KIND_VSAT);
	assert_false(subject->mains);
	assert_int_equal(subject->kbps_up, 2500);
	assert_int_equal(roll.entries[0].subject.agent, 0);
	roll_done(&roll);
}

static void a_wrong_row_is_named(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"agent,link\n", "agents.csv:1: no column \"folder\""},
		{HEAD "7,10,link-2,64.02.03.2001,X,5g,no,10,2\n", "agents.csv:2: kind = '5g'"},
		{HEAD "x,10,link-2,64.02.03.2001,X,4g,no,10,2\n", "agents.csv:2: agent = 'x'"},
		{HEAD "7,10,link-2,64.02.03.2001,X,4g,maybe,10,2\n",
			"agents.csv:2: mains = 'maybe'"},
		{HEAD "7,10,link-2,64.02.03.2001,X,4g,no,-1,2\n", "agents.csv:2: mbps_down = '-1'"},
	};
	struct roll roll;
	struct err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_table(cases[i].text);
		assert_true(roll_read(folder, 10, &roll, &err) < 0);
		if (!strstr(err.text, cases[i].words))
			fail_msg("wanted %s, got %s", cases[i].words, err.text);
	}
}

static void a_folder_without_agents_is_no_swarm(void **state)
{
	char path[64];
	struct roll roll;
	struct err err;

	snprintf(path, sizeof(path), "%s/link-2", folder);
	assert_true(roll_read(path, 10, &roll, &err) < 0);
	assert_non_null(strstr(err.text, "no agent's folder"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_are_agents_in_the_order_of_their_numbers),
		cmocka_unit_test(the_table_tells_more_of_them),
		cmocka_unit_test(a_wrong_row_is_named),
		cmocka_unit_test(a_folder_without_agents_is_no_swarm),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
