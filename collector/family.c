/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/family.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/backoff.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/notify.h"

#define MEMBERS_MAX 5
#define RESTART_FLOOR_MS 500
#define RESTART_CEILING_MS 30000
#define HEALTHY_US (60 * 1000000ULL) /* a child that lived this long starts the backoff anew */
#define STOP_PATIENCE_MS 20000 /* for one child, to write what it has; then it is killed */
#define LOOK_MS 1000 /* longest wait, should a signal come between two looks */

struct child {
	const struct family_member *member;
	pid_t pid; /* 0: not running */
	uint64_t started_us, restart_us;
	struct backoff backoff;
};

struct family {
	struct child children[MEMBERS_MAX];
	size_t count;
	sigset_t signals, before;
};

static uint32_t random_bits(void)
{
	uint32_t bits = 0;

	/* Without them the wait is merely not spread out. */
	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) < 0)
		return 0;
	return bits;
}

/* ---- one child */

/* In the child. Its own process group, so that Ctrl-C in a terminal reaches the parent alone, which
 * then ends the children in order. */
static void be_child(const struct family *family, const struct child *child, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1); /* it died before the line above */
	unsetenv("NOTIFY_SOCKET"); /* the parent speaks to the service manager */
	unsetenv("WATCHDOG_USEC");
	sigprocmask(SIG_SETMASK, &family->before, NULL);
	exit(child->member->run(child->member->arg));
}

static int start_child(const struct family *family, struct child *child, struct err *err)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return err_errno(err, -errno, "%s cannot be started", child->member->name);
	if (pid == 0)
		be_child(family, child, parent);
	child->pid = pid;
	child->started_us = clock_boot_us();
	return 0;
}

static void tell_end(const struct child *child, int status)
{
	if (WIFSIGNALED(status))
		log_error("%s was killed by signal %d (%s)", child->member->name, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		log_error("%s ended with status %d", child->member->name, WEXITSTATUS(status));
}

static void plan_restart(struct child *child)
{
	uint64_t now_us = clock_boot_us();
	uint32_t wait_ms;

	if (now_us - child->started_us >= HEALTHY_US)
		backoff_reset(&child->backoff);
	wait_ms = backoff_next(&child->backoff, random_bits());
	child->restart_us = now_us + wait_ms * UINT64_C(1000);
	log_info("%s is started again in %" PRIu32 " ms", child->member->name, wait_ms);
}

/* ---- all of them */

static struct child *find_child(struct family *family, pid_t pid)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->children[i].pid == pid)
			return &family->children[i];
	return NULL;
}

static void reap(struct family *family, bool restart)
{
	struct child *child;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		child = find_child(family, pid);
		if (!child)
			continue;
		child->pid = 0;
		if (!restart)
			continue;
		tell_end(child, status);
		plan_restart(child);
	}
}

static void restart_due(struct family *family)
{
	uint64_t now_us = clock_boot_us();
	struct err err;

	for (size_t i = 0; i < family->count; i++) {
		struct child *child = &family->children[i];

		if (child->pid != 0 || now_us < child->restart_us)
			continue;
		if (start_child(family, child, &err) < 0) {
			log_error("%s", err.text);
			plan_restart(child);
		}
	}
}

static void pass_on(const struct family *family, int signal)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->children[i].pid > 0)
			kill(family->children[i].pid, signal);
}

/* The signal that came within the time, or 0. */
static int wait_signal(const struct family *family, uint64_t wait_ms)
{
	struct timespec wait = {
		.tv_sec = (time_t)(wait_ms / 1000), .tv_nsec = (long)(wait_ms % 1000) * 1000000};
	int signal = sigtimedwait(&family->signals, NULL, &wait);

	return signal > 0 ? signal : 0;
}

static uint64_t next_look_ms(const struct family *family)
{
	uint64_t now_us = clock_boot_us(), wait_ms = LOOK_MS;

	for (size_t i = 0; i < family->count; i++) {
		const struct child *child = &family->children[i];
		uint64_t due_ms = child->restart_us > now_us
			? (child->restart_us - now_us) / 1000 + 1
			: 1;

		if (child->pid == 0 && due_ms < wait_ms)
			wait_ms = due_ms;
	}
	return wait_ms;
}

static void look_after(struct family *family)
{
	int signal;

	for (;;) {
		signal = wait_signal(family, next_look_ms(family));
		if (signal == SIGTERM || signal == SIGINT)
			return;
		if (signal == SIGHUP)
			pass_on(family, signal);
		reap(family, true);
		restart_due(family);
		notify_send("WATCHDOG=1");
	}
}

static void stop_child(struct family *family, struct child *child)
{
	uint64_t deadline_us = clock_boot_us() + STOP_PATIENCE_MS * UINT64_C(1000);

	if (child->pid == 0)
		return;
	kill(child->pid, SIGTERM);
	while (child->pid != 0 && clock_boot_us() < deadline_us) {
		wait_signal(family, 100);
		reap(family, false);
	}
	if (child->pid == 0)
		return;
	log_error("%s does not end: killed", child->member->name);
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
}

static int start_all(struct family *family, struct err *err)
{
	for (size_t i = 0; i < family->count; i++) {
		int r = start_child(family, &family->children[i], err);

		if (r < 0)
			return r;
	}
	return 0;
}

int family_run(const struct family_member *members, size_t count, struct err *err)
{
	struct family family = {.count = count};
	int r;

	if (count > MEMBERS_MAX)
		return err_set(err, -E2BIG, "%zu processes: at most %d", count, MEMBERS_MAX);
	sigemptyset(&family.signals);
	sigaddset(&family.signals, SIGTERM);
	sigaddset(&family.signals, SIGINT);
	sigaddset(&family.signals, SIGHUP);
	sigaddset(&family.signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &family.signals, &family.before);
	for (size_t i = 0; i < count; i++) {
		family.children[i].member = &members[i];
		backoff_init(&family.children[i].backoff, RESTART_FLOOR_MS, RESTART_CEILING_MS);
	}
	r = start_all(&family, err);
	if (r == 0) {
		notify_send("READY=1");
		notify_status("looks after %zu processes", count);
		look_after(&family);
		notify_send("STOPPING=1");
	}
	for (size_t i = count; i-- > 0;)
		stop_child(&family, &family.children[i]);
	sigprocmask(SIG_SETMASK, &family.before, NULL);
	return r;
}
