/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/health_part.h"
#include "collector/signer/question.h"
#include "collector/store/registry_enrolment.h"
#include "common/ask.h"

static int count_open(void *arg, const struct registry_enrolment *enrolment)
{
	*(int64_t *)arg += !enrolment->revoked_s && !enrolment->spent_s &&
		enrolment->expires_s > time(NULL);
	return 0;
}

/* Tokens that a router may come with; 0 where that cannot be read, which another part says. */
static int64_t open_tokens(const char *state)
{
	struct registry *registry;
	struct err unused;
	int64_t count = 0;

	if (registry_open(state, REGISTRY_READ, NULL, &registry, &unused) < 0)
		return 0;
	registry_enrolments(registry, 0, count_open, &count, &unused);
	registry_close(registry);
	return count;
}

/* Somebody takes the connection and, asked nothing, ends it: a process that hangs does not. */
static int look(const char *state, struct err *err)
{
	int fd = ask_connect(state, SIGNER_SOCKET), r;
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	if (fd < 0)
		return err_errno(err, fd, SIGNER_SOCKET);
	shutdown(fd, SHUT_WR);
	r = poll(&wait, 1, ASK_TIMEOUT_MS) == 1 ? 0 : err_errno(err, -ETIMEDOUT, SIGNER_SOCKET);
	close(fd);
	return r;
}

static void say_missing(const char *why, int64_t tokens, struct health *health)
{
	static const char advice[] =
		"start \"pantau-collector signer\" and read its log; routers are told to come "
		"again meanwhile";

	if (tokens)
		health_say(health, HEALTH_WARN, advice,
			"%" PRId64 " tokens wait for their routers, but nobody signs: %s", tokens,
			why);
	else
		health_say(health, HEALTH_OK, "", "does not run; no token waits for its router");
}

void health_signer(const char *state, const struct enrolments *enrolments, struct health *health)
{
	int64_t tokens = open_tokens(state);
	struct err err = {0};

	if (look(state, &err) < 0)
		say_missing(err.text, tokens, health);
	else if (!enrolments->known)
		health_say(health, HEALTH_OK, "", "runs; %" PRId64 " tokens wait for their routers",
			tokens);
	else
		health_say(health, HEALTH_OK, "",
			"runs; %" PRId64 " tokens wait for their routers; %" PRId64
			" enrolled, %" PRId64 " refused, %" PRId64
			" told to come again since ingest started",
			tokens, enrolments->accepted, enrolments->refused, enrolments->put_off);
}
