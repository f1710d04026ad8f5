/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lab's bad link: relays packets between two TUN devices in two network namespaces, and writes
 * down the truth with UTC times.
 *
 *   link SEED LOGFILE ROUTER_NS:DEVICE INTERNET_NS:DEVICE < commands > answers
 *
 * Each command (command.h) is answered by "ok UTC_US" or "error WORDS"; the end of stdin ends the
 * link and its devices, so a test that dies leaves nothing behind. A line of the log:
 *
 *   UTC_US up|down VERDICT PROTOCOL LENGTH SOURCE TARGET
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/lab/command.h"
#include "tests/lab/tun.h"

#define SPIN_US 60 /* waits shorter than this are spun out: the timer is no more precise */

struct link {
	int device[DIRECTIONS]; /* [UP] is the router's: what it sends goes up */
	struct shape shapes[DIRECTIONS];
	FILE *log;
};

static const char *const direction_names[DIRECTIONS] = {"up", "down"};

static uint64_t clock_us(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void log_packet(const struct link *link, enum direction direction, enum verdict verdict,
	const uint8_t *bytes, size_t length)
{
	char source[INET6_ADDRSTRLEN] = "?", target[INET6_ADDRSTRLEN] = "?";
	int protocol = 0;

	if (length >= 20 && bytes[0] >> 4 == 4) {
		inet_ntop(AF_INET, bytes + 12, source, sizeof source);
		inet_ntop(AF_INET, bytes + 16, target, sizeof target);
		protocol = bytes[9];
	} else if (length >= 40 && bytes[0] >> 4 == 6) {
		inet_ntop(AF_INET6, bytes + 8, source, sizeof source);
		inet_ntop(AF_INET6, bytes + 24, target, sizeof target);
		protocol = bytes[6];
	}
	fprintf(link->log, "%" PRIu64 " %s %s %d %zu %s %s\n", clock_us(CLOCK_REALTIME),
		direction_names[direction], verdict_name(verdict), protocol, length, source,
		target);
}

static void receive(struct link *link, enum direction direction)
{
	uint8_t bytes[PACKET_MAX];
	ssize_t length;

	while ((length = read(link->device[direction], bytes, sizeof bytes)) > 0) {
		enum verdict verdict = shape_offer(
			&link->shapes[direction], bytes, (size_t)length, clock_us(CLOCK_MONOTONIC));

		log_packet(link, direction, verdict, bytes, (size_t)length);
	}
}

/* Sends on what is due; the wait until the next one, in us, or -1. */
static int64_t deliver(struct link *link, enum direction direction)
{
	struct shape *shape = &link->shapes[direction];
	int out = link->device[direction == UP ? DOWN : UP];
	const struct packet *packet;

	while ((packet = shape_peek(shape)) != NULL) {
		int64_t wait_us = (int64_t)(packet->due_us - clock_us(CLOCK_MONOTONIC));

		if (wait_us > SPIN_US)
			return wait_us - SPIN_US;
		while (clock_us(CLOCK_MONOTONIC) < packet->due_us)
			;
		/* a device that is down refuses: the packet is gone, as on a wire */
		if (write(out, packet->bytes, packet->length) < 0)
			fprintf(link->log, "# %s: %s\n", direction_names[direction],
				strerror(errno));
		shape_drop(shape);
	}
	return -1;
}

static void print_stats(const struct link *link)
{
	for (int d = 0; d < DIRECTIONS; d++)
		for (int v = 0; v < VERDICT_COUNT; v++)
			printf("%s.%s=%" PRIu64 " ", direction_names[d], verdict_name(v),
				link->shapes[d].counts[v]);
}

static void obey(struct link *link, char *line)
{
	struct command command = {0};
	int rc = command_run(line, link->shapes, &command);

	if (rc == 0 && command.kind == COMMAND_CARRIER)
		rc = tun_set_carrier(link->device[UP], command.on);
	if (rc < 0) {
		printf("error %s\n", strerror(-rc));
	} else {
		printf("ok %" PRIu64 " ", clock_us(CLOCK_REALTIME));
		if (command.kind == COMMAND_STATS)
			print_stats(link);
		printf("\n");
	}
	fflush(stdout);
	fflush(link->log);
}

/* One command a line; tests wait for each answer, so that a read holds whole lines. */
static int read_commands(struct link *link)
{
	char line[256];
	ssize_t length = read(STDIN_FILENO, line, sizeof line - 1);

	if (length <= 0)
		return -EPIPE;
	line[length] = '\0';
	obey(link, line);
	return 0;
}

static void run(struct link *link)
{
	struct pollfd polled[] = {{.fd = link->device[UP], .events = POLLIN},
		{.fd = link->device[DOWN], .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN}};

	for (;;) {
		int64_t up_us = deliver(link, UP), down_us = deliver(link, DOWN);
		int64_t wait_us = up_us < 0 || (down_us >= 0 && down_us < up_us) ? down_us : up_us;
		struct timespec wait = {wait_us / 1000000, wait_us % 1000000 * 1000};

		if (ppoll(polled, 3, wait_us < 0 ? NULL : &wait, NULL) < 0 && errno != EINTR)
			return;
		receive(link, UP);
		receive(link, DOWN);
		if (polled[2].revents != 0 && read_commands(link) < 0)
			return;
	}
}

static int open_link(struct link *link, char *argv[])
{
	for (int d = 0; d < DIRECTIONS; d++) {
		link->device[d] = tun_open(argv[3 + d]);
		if (link->device[d] < 0) {
			fprintf(stderr, "link: %s: %s\n", argv[3 + d], strerror(-link->device[d]));
			return -1;
		}
		if (shape_init(&link->shapes[d], strtoull(argv[1], NULL, 10) * 2 + d + 1) < 0)
			return -1;
	}
	link->log = fopen(argv[2], "w");
	if (link->log == NULL) {
		fprintf(stderr, "link: %s: %s\n", argv[2], strerror(errno));
		return -1;
	}
	setvbuf(link->log, NULL, _IOLBF, 0); /* whoever reads it finds whole lines */
	return 0;
}

/* A wire does not wait for a busy machine. Where that is not allowed, the delays are less exact. */
static void be_punctual(void)
{
	struct sched_param first = {.sched_priority = 1};

	prctl(PR_SET_TIMERSLACK, 1UL); /* nanoseconds: wake when asked */
	sched_setscheduler(0, SCHED_FIFO, &first);
}

int main(int argc, char *argv[])
{
	struct link link = {0};

	if (argc != 5) {
		fprintf(stderr, "usage: link SEED LOGFILE ROUTER_NS:DEVICE INTERNET_NS:DEVICE\n");
		return 2;
	}
	if (open_link(&link, argv) < 0)
		return 1;
	be_punctual();
	printf("ok ready\n");
	fflush(stdout);
	run(&link);
	for (int d = 0; d < DIRECTIONS; d++)
		shape_done(&link.shapes[d]);
	fclose(link.log);
	return 0;
}
