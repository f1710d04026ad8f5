/* SPDX-License-Identifier: Apache-2.0 */
/* The process with the CA's key: what it signs, what not, and what does not stop it. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/signerd/desk.h"
#include "collector/signerd/program.h"
#include "collector/store/registry_enrolment.h"
#include "common/ask.h"
#include "common/clock.h"
#include "common/crypto.h"
#include "tests/unit/store/fixture.h"

struct world {
	struct fixture *fixture;
	char ca[96];
	struct signer *signer;
	struct signer_question question; /* of a token of the registry, and a key */
};

static void draw_point(uint8_t point[SIGNER_POINT_BYTES])
{
	struct buf private, public;

	buf_init(&private, SIGNER_PEM_MAX);
	buf_init(&public, SIGNER_PEM_MAX);
	assert_int_equal(signer_draw_key(&private, &public, NULL), 0);
	assert_int_equal(
		signer_read_request(buf_peek(&public), buf_length(&public), point, NULL), 0);
	buf_done(&private);
	buf_done(&public);
}

static void add_token(struct world *world)
{
	struct registry_enrolment enrolment = {
		.wan = "wan", .expires_s = clock_utc_us() / 1000000 + 3600};
	uint8_t digest[SHA256_BYTES];
	int64_t id;

	enrolment.link = fixture_link(world->fixture, DESA, "A");
	memset(world->question.secret, 7, sizeof(world->question.secret));
	assert_int_equal(
		crypto_sha256(world->question.secret, sizeof(world->question.secret), digest), 0);
	hex_format(digest, sizeof(digest), enrolment.hash);
	assert_int_equal(
		registry_enrolments_add(world->fixture->registry, &enrolment, 1, &id, NULL), 0);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	world->fixture = fixture_new();
	snprintf(world->ca, sizeof(world->ca), "%s/ca", world->fixture->state);
	assert_int_equal(signer_create_ca(world->ca, NULL), 0);
	assert_int_equal(signer_open(world->ca, &world->signer, NULL), 0);
	draw_point(world->question.point);
	add_token(world);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	signer_free(world->signer);
	fixture_free(world->fixture);
	free(world);
	return 0;
}

static struct signer_answer answer(
	const struct world *world, const struct signer_question *question)
{
	struct signer_answer answer;
	struct quiet quiet;

	quiet_init(&quiet);
	desk_answer(world->fixture->state, world->signer, &quiet, question, &answer);
	return answer;
}

static void the_subject_is_the_registrys(void **state)
{
	struct world *world = *state;
	struct signer_answer first = answer(world, &world->question), second;

	assert_int_equal(first.code, ENROL_ACCEPTED);
	assert_int_equal(first.agent, 1);
	assert_string_equal(first.wan, "wan");
	assert_non_null(strstr(first.pem, "BEGIN CERTIFICATE"));
	second = answer(world, &world->question);
	assert_string_equal(first.pem, second.pem);
}

static void what_the_registry_does_not_hold_is_not_signed(void **state)
{
	struct world *world = *state;
	struct signer_question other = world->question;
	struct signer_answer got;

	other.secret[0] ^= 1;
	got = answer(world, &other);
	assert_int_equal(got.code, ENROL_UNKNOWN);
	assert_string_equal(got.pem, "");
	assert_int_equal(answer(world, &world->question).code, ENROL_ACCEPTED);
	other = world->question;
	draw_point(other.point);
	got = answer(world, &other);
	assert_int_equal(got.code, ENROL_SPENT);
	assert_string_equal(got.pem, "");
}

static void what_is_no_point_spends_nothing(void **state)
{
	struct world *world = *state;
	struct signer_question other = world->question;

	memset(other.point, 4, sizeof(other.point));
	assert_int_equal(answer(world, &other).code, ENROL_MALFORMED);
	memset(other.point, 0, sizeof(other.point));
	assert_int_equal(answer(world, &other).code, ENROL_MALFORMED);
	assert_int_equal(answer(world, &world->question).code, ENROL_ACCEPTED);
}

static void without_a_registry_it_says_to_come_back(void **state)
{
	struct world *world = *state;
	struct signer_answer got;
	struct quiet quiet;

	quiet_init(&quiet);
	desk_answer("/nowhere", world->signer, &quiet, &world->question, &got);
	assert_int_equal(got.code, ENROL_BUSY);
	assert_string_equal(got.words, "the collector cannot sign now");
}

static void question_and_answer_keep_what_they_say(void **state)
{
	struct world *world = *state;
	uint8_t question[SIGNER_QUESTION_BYTES], bytes[SIGNER_ANSWER_BYTES];
	struct signer_answer out = {.code = ENROL_SPENT, .agent = 70000}, in;
	struct signer_question back;

	strcpy(out.wan, "a_wan_of_16_lett");
	strcpy(out.words, "words");
	strcpy(out.pem, "pem");
	signer_answer_write(&out, bytes);
	assert_int_equal(signer_answer_read(bytes, &in), 0);
	assert_int_equal(in.code, out.code);
	assert_int_equal(in.agent, out.agent);
	assert_string_equal(in.wan, out.wan);
	assert_string_equal(in.words, out.words);
	assert_string_equal(in.pem, out.pem);
	memset(bytes + 16, 'x', sizeof(bytes) - 16);
	assert_int_equal(signer_answer_read(bytes, &in), -EPROTO);
	signer_question_write(&world->question, question);
	assert_int_equal(signer_question_read(question, &back), 0);
	assert_memory_equal(&back, &world->question, sizeof(back));
	question[0] ^= 1;
	assert_int_equal(signer_question_read(question, &back), -EPROTO);
}

/* ---- the process */

static pid_t start(const struct world *world)
{
	pid_t pid = fork();
	struct err err;

	assert_true(pid >= 0);
	if (pid == 0) {
		int r = signerd_run(world->fixture->state, NULL, &err);

		_exit(r == 0 ? 0 : 1);
	}
	for (int i = 0; i < 500; i++) {
		int fd = ask_connect(world->fixture->state, SIGNER_SOCKET);

		if (fd >= 0) {
			close(fd);
			return pid;
		}
		usleep(10000);
	}
	fail_msg("the signer does not open its socket");
	return -1;
}

static void stop(pid_t pid)
{
	int status;

	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void it_answers_on_its_socket_after_clients_that_say_nothing_or_nonsense(void **state)
{
	struct world *world = *state;
	struct signer_answer got;
	uint8_t nonsense[SIGNER_QUESTION_BYTES] = {1};
	struct err err;
	pid_t pid = start(world);
	int silent = ask_connect(world->fixture->state, SIGNER_SOCKET);
	int wrong = ask_connect(world->fixture->state, SIGNER_SOCKET);

	assert_true(silent >= 0 && wrong >= 0);
	assert_int_equal(send(wrong, nonsense, sizeof(nonsense), 0), sizeof(nonsense));
	assert_int_equal(signer_ask(world->fixture->state, &world->question, &got, &err), 0);
	assert_int_equal(got.code, ENROL_ACCEPTED);
	assert_int_equal(recv(wrong, nonsense, sizeof(nonsense), MSG_DONTWAIT), 0);
	close(silent);
	close(wrong);
	stop(pid);
	assert_int_equal(
		signer_ask(world->fixture->state, &world->question, &got, &err), -ECONNREFUSED);
}

static void without_the_key_it_does_not_begin(void **state)
{
	struct world *world = *state;
	char key[128];
	struct err err;

	assert_true(signerd_can_run(world->fixture->state, &err));
	snprintf(key, sizeof(key), "%s/ca.key", world->ca);
	assert_int_equal(unlink(key), 0);
	assert_false(signerd_can_run(world->fixture->state, &err));
	assert_non_null(strstr(err.text, "ca.key"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_subject_is_the_registrys),
		CASE(what_the_registry_does_not_hold_is_not_signed),
		CASE(what_is_no_point_spends_nothing),
		CASE(without_a_registry_it_says_to_come_back),
		CASE(question_and_answer_keep_what_they_say),
		CASE(it_answers_on_its_socket_after_clients_that_say_nothing_or_nonsense),
		CASE(without_the_key_it_does_not_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
