/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signerd/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/signerd/desk.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"
#include "common/notify.h"

#define BACKLOG 16
#define SOCKET_MODE 0660 /* and of the group that ingest is in: let_in() */
#define CLIENT_MS 1000 /* for one who connected to say all: the others wait meanwhile */

struct program {
	const char *state;
	struct signer *signer;
	struct quiet quiet;
	int door, signals;
};

/* ---- starting */

static int open_key(const char *state, struct signer **ret_signer, struct err *err)
{
	const char *apart = getenv("CREDENTIALS_DIRECTORY");
	char folder[PATH_MAX];
	int r = file_join(folder, sizeof(folder), state, "ca");

	if (r < 0)
		return err_errno(err, r, "%s", state);
	return signer_open_apart(folder, apart && *apart ? apart : folder, ret_signer, err);
}

bool signerd_can_run(const char *state, struct err *err)
{
	struct signer *signer;

	if (open_key(state, &signer, err) < 0)
		return false;
	signer_free(signer);
	return true;
}

/* Nobody reads the key out of this process: no core, no tracer, no more rights by an exec. */
static void lock_in(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Ingest may be outside of the group that shares the state: who reads the journal may ask. */
static void let_in(int folder)
{
	struct stat journal;

	if (fstatat(folder, "journal", &journal, 0) == 0 &&
		fchownat(folder, SIGNER_SOCKET, (uid_t)-1, journal.st_gid, 0) < 0)
		log_warn(SIGNER_SOCKET ": only its own group can ask: %s", strerror(errno));
}

static int bind_door(int door, int folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	/* The state's path may be longer than a socket's address. */
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/" SIGNER_SOCKET,
		folder);
	unlinkat(folder, SIGNER_SOCKET, 0);
	if (bind(door, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		fchmodat(folder, SIGNER_SOCKET, SOCKET_MODE, 0) < 0 || listen(door, BACKLOG) < 0)
		return -errno;
	let_in(folder);
	return 0;
}

static int open_door(struct program *program, struct err *err)
{
	int folder = open(program->state, O_PATH | O_DIRECTORY | O_CLOEXEC), r;

	program->door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = folder < 0 || program->door < 0 ? -errno : bind_door(program->door, folder);
	if (folder >= 0)
		close(folder);
	return r < 0 ? err_errno(err, r, "%s/" SIGNER_SOCKET, program->state) : 0;
}

static int open_signals(struct program *program, struct err *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	program->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return program->signals < 0 ? err_errno(err, -errno, "signals") : 0;
}

/* ---- one client */

/* All of the bytes, or none: 0, -ETIMEDOUT, -ECONNRESET, ...; -ENODATA: who only looked whether
 * anybody is here. */
static int take_question(int client, uint8_t bytes[SIGNER_QUESTION_BYTES])
{
	uint64_t deadline_us = clock_boot_us() + CLIENT_MS * UINT64_C(1000), now_us;
	struct pollfd wait = {.fd = client, .events = POLLIN};
	size_t length = 0;
	ssize_t got;

	while (length < SIGNER_QUESTION_BYTES) {
		now_us = clock_boot_us();
		if (now_us >= deadline_us)
			return -ETIMEDOUT;
		poll(&wait, 1, (int)((deadline_us - now_us) / 1000) + 1);
		got = recv(client, bytes + length, SIGNER_QUESTION_BYTES - length, MSG_DONTWAIT);
		if (got == 0)
			return length ? -ECONNRESET : -ENODATA;
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		length += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static void serve(struct program *program, int client)
{
	uint8_t bytes[SIGNER_QUESTION_BYTES], reply[SIGNER_ANSWER_BYTES];
	struct signer_question question;
	struct signer_answer answer;
	int r = take_question(client, bytes);

	if (r == 0)
		r = signer_question_read(bytes, &question);
	if (r < 0) {
		if (r != -ENODATA)
			log_warn("a question that cannot be read: %s", strerror(-r));
		return;
	}
	desk_answer(program->state, program->signer, &program->quiet, &question, &answer);
	signer_answer_write(&answer, reply);
	/* A new socket has room for it; who has left meanwhile asks again. */
	send(client, reply, sizeof(reply), MSG_NOSIGNAL | MSG_DONTWAIT);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(&question, sizeof(question));
}

static void accept_one(struct program *program)
{
	int client = accept4(program->door, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return;
	serve(program, client);
	close(client);
}

/* ---- life */

static void look_after(struct program *program)
{
	struct pollfd wait[] = {{.fd = program->signals, .events = POLLIN},
		{.fd = program->door, .events = POLLIN}};
	uint64_t watchdog_ms = notify_watchdog_ms();

	for (;;) {
		poll(wait, 2, watchdog_ms ? (int)watchdog_ms : -1);
		if (wait[0].revents)
			return;
		if (wait[1].revents)
			accept_one(program);
		if (watchdog_ms)
			notify_send("WATCHDOG=1");
	}
}

static void close_all(struct program *program)
{
	signer_free(program->signer);
	if (program->door >= 0)
		close(program->door);
	if (program->signals >= 0)
		close(program->signals);
}

int signerd_run(const char *state, const struct settings *settings, struct err *err)
{
	struct program program = {.state = state, .door = -1, .signals = -1};
	int r;

	lock_in();
	quiet_init(&program.quiet);
	r = open_key(state, &program.signer, err);
	if (r == 0)
		r = open_signals(&program, err);
	if (r == 0)
		r = open_door(&program, err);
	if (r == 0) {
		log_info("signs what the registry holds");
		notify_send("READY=1");
		notify_status("signs what the registry holds");
		look_after(&program);
		log_info("stopping: asked to");
		notify_send("STOPPING=1");
	}
	close_all(&program);
	return r;
}
