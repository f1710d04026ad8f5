/* SPDX-License-Identifier: Apache-2.0 */
/* The socket that answers a line: on a loop of its own, with clients of every kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "collector/status_socket.h"

#define SILENT 20 /* more than may be silent at once */

struct here {
	char folder[64];
	uv_loop_t loop;
	struct status_socket *socket;
};

static int echo(void *arg, const char *question, struct buf *out)
{
	if (!strcmp(question, "nothing"))
		return -1;
	return buf_append(out, question, strlen(question));
}

static int begin(void **state)
{
	struct here *here = calloc(1, sizeof(*here));
	struct status_socket_options options = {.name = "x.sock", .answer_max = 100, .reply = echo};

	snprintf(here->folder, sizeof(here->folder), "/tmp/pantau-enquiry.XXXXXX");
	assert_non_null(mkdtemp(here->folder));
	options.state = here->folder;
	assert_int_equal(uv_loop_init(&here->loop), 0);
	assert_int_equal(status_socket_new(&here->loop, &options, &here->socket, NULL), 0);
	*state = here;
	return 0;
}

static int end(void **state)
{
	struct here *here = *state;
	char path[80];

	status_socket_close(here->socket);
	uv_run(&here->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&here->loop), 0);
	snprintf(path, sizeof(path), "%s/x.sock", here->folder);
	unlink(path);
	rmdir(here->folder);
	free(here);
	return 0;
}

static void turn(struct here *here)
{
	for (int i = 0; i < 10; i++)
		uv_run(&here->loop, UV_RUN_NOWAIT);
}

static int connect_to(const struct here *here)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/x.sock", here->folder);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void say(int fd, const char *words)
{
	assert_int_equal(send(fd, words, strlen(words), MSG_NOSIGNAL), strlen(words));
}

static void hears(int fd, const char *words)
{
	char got[200];
	ssize_t length = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);

	assert_int_equal(length, strlen(words));
	got[length] = '\0';
	assert_string_equal(got, words);
	if (length > 0)
		assert_int_equal(recv(fd, got, sizeof(got), MSG_DONTWAIT), 0);
	close(fd);
}

static void a_line_is_answered_however_it_comes(void **state)
{
	struct here *here = *state;
	int whole = connect_to(here), pieces = connect_to(here);

	say(whole, "12\n");
	say(pieces, "1");
	turn(here);
	hears(whole, "12");
	say(pieces, "3\nand more");
	turn(here);
	hears(pieces, "13");
}

static void no_question_gets_no_answer(void **state)
{
	struct here *here = *state;
	int gone = connect_to(here), half = connect_to(here), refused = connect_to(here),
	    endless = connect_to(here);
	char words[STATUS_QUESTION_BYTES + 1];

	memset(words, '7', STATUS_QUESTION_BYTES);
	words[STATUS_QUESTION_BYTES] = '\0';
	close(gone);
	say(half, "12");
	shutdown(half, SHUT_WR);
	say(refused, "nothing\n");
	say(endless, words);
	turn(here);
	hears(half, "");
	hears(refused, "");
	hears(endless, "");
}

static void the_silent_keep_nobody_out(void **state)
{
	struct here *here = *state;
	int silent[SILENT], asks;

	for (int i = 0; i < SILENT; i++) {
		silent[i] = connect_to(here);
		turn(here);
	}
	asks = connect_to(here);
	say(asks, "7\n");
	turn(here);
	hears(asks, "7");
	hears(silent[0], ""); /* the longest silent was let go */
	say(silent[SILENT - 1], "8\n");
	turn(here);
	hears(silent[SILENT - 1], "8");
	for (int i = 1; i < SILENT - 1; i++)
		close(silent[i]); /* some are still there when the socket is closed */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_is_answered_however_it_comes, begin, end),
		cmocka_unit_test_setup_teardown(no_question_gets_no_answer, begin, end),
		cmocka_unit_test_setup_teardown(the_silent_keep_nobody_out, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
