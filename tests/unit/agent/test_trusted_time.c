/* SPDX-License-Identifier: Apache-2.0 */
/* What a router with a wrong clock makes of its collector's certificate. */
#include "tests/unit/agent/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/trusted_time.h"
#include "common/file.h"
#include "tests/unit/tls/pair.h"

#define DAY_S INT64_C(86400)
#define YEAR_S (365 * DAY_S)
#define SOON S(100)

static struct authority ours, other;
static char folder[] = "/tmp/test-trusted-time-XXXXXX";
static char short_lived[300], expired[300]; /* the collector's certificate with another end */
static struct err err;

static struct trusted_time *open_time(void)
{
	struct trusted_time *time;

	assert_int_equal(trusted_time_open(folder, &time, &err), 0);
	return time;
}

static void forget_time(void)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/time", folder);
	unlink(path);
}

static void write_time(const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/time", folder);
	assert_int_equal(file_replace(path, text, strlen(text), 0600, &err), 0);
}

/* ---- the time itself */

static void latest_of_build_known_and_system_counts(void **state)
{
	int64_t build_s = trusted_time_build_s();
	struct trusted_time *time;

	forget_time();
	time = open_time();
	assert_int_equal(trusted_time_at(time, SOON, 0), build_s);
	assert_int_equal(trusted_time_at(time, SOON, build_s - 20 * YEAR_S), build_s);
	assert_int_equal(trusted_time_at(time, SOON, build_s + DAY_S), build_s + DAY_S);
	assert_int_equal(trusted_time_learn(time, S(200), build_s + 3 * DAY_S, &err), 0);
	assert_int_equal(trusted_time_at(time, S(200), build_s + DAY_S), build_s + 3 * DAY_S);
	assert_int_equal(trusted_time_at(time, S(260), 0), build_s + 3 * DAY_S + 60);
	trusted_time_close(time);
}

static void what_was_known_survives_a_restart(void **state)
{
	int64_t known_s = trusted_time_build_s() + 400 * DAY_S;
	struct trusted_time *time;

	forget_time();
	time = open_time();
	assert_int_equal(trusted_time_learn(time, S(1), known_s, &err), 0);
	trusted_time_close(time);
	time = open_time(); /* another boot: its clock began anew */
	assert_int_equal(trusted_time_at(time, S(5), 0), known_s);
	trusted_time_close(time);
}

static void written_at_most_once_a_day(void **state)
{
	int64_t known_s = trusted_time_build_s() + 400 * DAY_S;
	struct trusted_time *time;

	forget_time();
	time = open_time();
	assert_int_equal(trusted_time_learn(time, S(1), known_s, &err), 0);
	forget_time(); /* whether it is there again tells whether it was written */
	assert_int_equal(trusted_time_learn(time, S(2), known_s + DAY_S - 1, &err), 0);
	trusted_time_close(time);
	time = open_time();
	assert_int_equal(trusted_time_at(time, SOON, 0), trusted_time_build_s());
	trusted_time_close(time);
}

static void time_runs_back_for_nobody(void **state)
{
	int64_t known_s = trusted_time_build_s() + 400 * DAY_S;
	struct trusted_time *time;

	forget_time();
	time = open_time();
	assert_int_equal(trusted_time_learn(time, S(1), known_s, &err), 0);
	assert_int_equal(trusted_time_learn(time, S(2), known_s - DAY_S, &err), 0);
	assert_int_equal(trusted_time_at(time, S(1), 0), known_s);
	trusted_time_close(time);
}

static void nonsense_is_as_good_as_nothing(void **state)
{
	static const char *const texts[] = {"", "\n", "soon\n", "1893456000", "-5\n",
		"99999999999999999999\n", "4000000000\n", "17e8\n", "0\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct trusted_time *time;

		write_time(texts[i]);
		time = open_time();
		assert_int_equal(trusted_time_at(time, SOON, 0), trusted_time_build_s());
		/* A collector that claims it locks nobody out either. */
		assert_int_equal(trusted_time_learn(time, SOON, 4000000000, &err), 0);
		assert_int_equal(trusted_time_at(time, SOON, 0), trusted_time_build_s());
		trusted_time_close(time);
	}
	forget_time();
}

/* ---- the matrix */

static X509 *read_certificate(const char *path)
{
	FILE *file = fopen(path, "r");
	X509 *certificate;

	assert_non_null(file);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	assert_non_null(certificate);
	fclose(file);
	return certificate;
}

/* The collector's certificate once more, with another end, signed by its CA. */
static void issue_until(char *ret_path, const char *name, int64_t until_s)
{
	char key_path[300];
	X509 *certificate = read_certificate(ours.server_certificate);
	EVP_PKEY *key;
	FILE *file;

	snprintf(key_path, sizeof(key_path), "%s/ca.key", ours.folder);
	file = fopen(key_path, "r");
	assert_non_null(file);
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(key);
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)until_s));
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	snprintf(ret_path, 300, "%s/%s", ours.folder, name);
	file = fopen(ret_path, "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, certificate), 1);
	fclose(file);
	EVP_PKEY_free(key);
	X509_free(certificate);
}

struct router {
	struct trusted_time *time;
	int64_t system_s;
};

static int64_t router_now_s(void *arg)
{
	const struct router *router = arg;

	return trusted_time_at(router->time, SOON, router->system_s);
}

enum { LONG_LIVED, SHORT_LIVED, EXPIRED, OTHER_CA, OTHER_NAME, AGENTS_OWN, CERTIFICATES };

static void offer(int certificate, struct tls_settings *client, struct tls_settings *server)
{
	*client = pair_settings(&ours, TLS_CLIENT);
	*server = pair_settings(certificate == OTHER_CA ? &other : &ours, TLS_SERVER);
	if (certificate == SHORT_LIVED)
		server->certificate_file = short_lived;
	if (certificate == EXPIRED)
		server->certificate_file = expired;
	if (certificate == OTHER_NAME)
		client->server_name = "collector.example";
	if (certificate == AGENTS_OWN) {
		server->certificate_file = ours.agent_certificate;
		server->key_file = ours.agent_key;
	}
}

/* What the client says of the collector: y it is good; otherwise e expired, c another CA's, n
 * another name, u made for something else, ? refused in other words. */
static char judge(struct router *router, int certificate)
{
	static const struct {
		const char *words;
		char letter;
	} refusals[] = {{"expired", 'e'}, {"CA", 'c'}, {"name", 'n'}, {"not meant", 'u'}};
	struct tls_settings client, server;
	int client_status, server_status;
	struct pair pair;
	char letter = '?';

	offer(certificate, &client, &server);
	client.now_s = router_now_s;
	client.now_arg = router;
	pair_init(&pair, &client, &server);
	pair_shake(&pair, &client_status, &server_status);
	if (client_status == 1)
		letter = 'y';
	for (size_t i = 0; client_status < 0 && i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (letter == '?' && strstr(pair.client_err.text, refusals[i].words))
			letter = refusals[i].letter;
	if (letter == '?')
		print_message("refused with \"%s\"\n", pair.client_err.text);
	pair_done(&pair);
	return letter;
}

/* '.' in `wanted` is any refusal: several things are wrong at once. */
static void judge_all(struct router *router, const char *what, const char *wanted)
{
	for (int i = 0; i < CERTIFICATES; i++) {
		char letter = judge(router, i);

		if (wanted[i] == '.' ? letter == 'y' : letter != wanted[i])
			fail_msg("%s, certificate %d: %c, not %c", what, i, letter, wanted[i]);
	}
}

/* The certificates: good for ten years, for two, expired before the build, of another CA, with
 * another name, an agent's. */
static void certificates_at_every_clock(void **state)
{
	int64_t build_s = trusted_time_build_s();
	const struct {
		const char *what;
		int64_t known_s, system_s;
		const char *wanted;
	} rows[] = {
		{"1970", 0, 0, "yyecnu"},
		{"before 1970", 0, -DAY_S, "yyecnu"},
		{"20 years back", 0, build_s - 20 * YEAR_S, "yyecnu"},
		{"a day before the build", 0, build_s - DAY_S, "yyecnu"},
		{"the build", 0, build_s, "yyecnu"},
		{"a year on", 0, build_s + YEAR_S, "yyecnu"},
		{"three years on", 0, build_s + 3 * YEAR_S, "yeecnu"},
		{"2033", 0, 1988150400, "yeecnu"},
		{"nine years on", 0, build_s + 9 * YEAR_S, "yeecnu"},
		{"20 years on", 0, build_s + 20 * YEAR_S, "eee..."},
		{"1970, later known", build_s + 3 * YEAR_S, 0, "yeecnu"},
		{"20 years back, later known", build_s + 3 * YEAR_S, build_s - 20 * YEAR_S,
			"yeecnu"},
		{"later than known", build_s + YEAR_S, build_s + 3 * YEAR_S, "yeecnu"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct router router = {.system_s = rows[i].system_s};

		forget_time();
		router.time = open_time();
		assert_int_equal(trusted_time_learn(router.time, SOON, rows[i].known_s, &err), 0);
		judge_all(&router, rows[i].what, rows[i].wanted);
		trusted_time_close(router.time);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latest_of_build_known_and_system_counts),
		cmocka_unit_test(what_was_known_survives_a_restart),
		cmocka_unit_test(written_at_most_once_a_day),
		cmocka_unit_test(time_runs_back_for_nobody),
		cmocka_unit_test(nonsense_is_as_good_as_nothing),
		cmocka_unit_test(certificates_at_every_clock),
	};
	int failed;

	if (!mkdtemp(folder))
		return 2;
	authority_init(&ours);
	authority_init(&other);
	issue_until(short_lived, "short.crt", trusted_time_build_s() + 2 * YEAR_S);
	issue_until(expired, "expired.crt", trusted_time_build_s() - DAY_S);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(short_lived);
	unlink(expired);
	authority_done(&ours);
	authority_done(&other);
	forget_time();
	rmdir(folder);
	return failed;
}
