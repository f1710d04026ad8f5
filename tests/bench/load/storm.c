/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load/storm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "common/backoff.h"

#define FLOOR_MS 1000 /* as agent/uplink/uplink.c */
#define CEILING_MS 60000
#define SETUP_MS 10000 /* each of connecting, and of TLS with WELCOME */
#define AT_ONCE 32 /* that are made at once before the storm */
#define EVENTS_MAX 512
#define ADDRESSES 4
#define TICK_MS 10
#define BEFORE_S 600 /* until all are connected for the first time */

enum comer_state { AWAY, CONNECTING, SHAKING, GREETING, REPORTING, SERVED };

struct comer {
	int fd; /* -1: none */
	SSL *ssl;
	enum comer_state state;
	bool heard; /* the server said something on this connection */
	uint64_t due_ms; /* the next try, or the end of this step */
	uint64_t lost_ms, served_ms; /* 0: not yet */
	uint32_t comeback_ms; /* as the lost server's WELCOME said */
	struct backoff backoff;
	struct talk talk;
};

struct storm {
	const struct storm_options *options;
	const struct speech *speech;
	const struct people *people;
	struct comer *comers;
	int epoll;
	unsigned served, busy;
	bool came; /* the server has gone away */
	uint64_t began_ms, tries;
	uint32_t runs;
	struct buf said;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint32_t draw(void)
{
	return (uint32_t)rand() << 16 ^ (uint32_t)rand();
}

/* ---- one of them */

/* `over`: it was not we who ended it. */
static void leave(struct storm *storm, struct comer *comer, bool over)
{
	bool lost = comer->state == SERVED;
	bool turned_away = over && comer->state == SHAKING && !comer->heard;

	storm->busy -= !lost && comer->state != AWAY;
	SSL_free(comer->ssl);
	close(comer->fd);
	if (lost && !storm->options->deaf)
		comer->comeback_ms = comer->talk.comeback_s * 1000;
	if (lost)
		backoff_widen(&comer->backoff, comer->comeback_ms);
	talk_done(&comer->talk);
	comer->ssl = NULL;
	comer->fd = -1;
	comer->due_ms = now_ms() +
		backoff_next_within(&comer->backoff, turned_away ? comer->comeback_ms : 0, draw());
	comer->state = AWAY;
	if (!lost)
		return;
	storm->served--;
	if (!storm->came)
		storm->began_ms = now_ms();
	storm->came = true;
	comer->lost_ms = now_ms();
}

static bool send_said(struct storm *storm, struct comer *comer)
{
	int length = (int)buf_length(&storm->said);
	bool sent = SSL_write(comer->ssl, buf_peek(&storm->said), length) == length;

	buf_clear(&storm->said);
	return sent;
}

static void come(struct storm *storm, struct comer *comer)
{
	uint32_t number = (uint32_t)(comer - storm->comers);
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)storm->options->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in from = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number % ADDRESSES)};
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = comer};
	int one = 1;

	storm->tries++;
	storm->busy++;
	comer->state = CONNECTING;
	comer->heard = false;
	comer->due_ms = now_ms() + SETUP_MS;
	talk_init(&comer->talk, number + 1, ++storm->runs);
	comer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(comer->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	setsockopt(comer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (bind(comer->fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
		(connect(comer->fd, (struct sockaddr *)&to, sizeof(to)) < 0 &&
			errno != EINPROGRESS) ||
		epoll_ctl(storm->epoll, EPOLL_CTL_ADD, comer->fd, &event) < 0)
		leave(storm, comer, false);
}

static bool shake(struct storm *storm, struct comer *comer)
{
	int done = SSL_do_handshake(comer->ssl);

	comer->heard |= BIO_number_read(SSL_get_rbio(comer->ssl)) > 0;
	if (done != 1)
		return SSL_get_error(comer->ssl, done) == SSL_ERROR_WANT_READ;
	comer->state = GREETING;
	storm->speech->greet(&comer->talk, &storm->said);
	return send_said(storm, comer);
}

static bool begin_tls(struct storm *storm, struct comer *comer)
{
	int error = 0;
	socklen_t length = sizeof(error);

	if (getsockopt(comer->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 || error)
		return false;
	comer->ssl = people_ssl(storm->people, comer->talk.id, storm->speech->alpn);
	if (!comer->ssl)
		return false;
	SSL_set_fd(comer->ssl, comer->fd);
	comer->state = SHAKING;
	comer->due_ms = now_ms() + SETUP_MS;
	return shake(storm, comer);
}

static bool answered(struct storm *storm, struct comer *comer)
{
	if (comer->state == GREETING) {
		comer->state = REPORTING;
		comer->due_ms = now_ms() + BEFORE_S * 1000;
		storm->speech->report(&comer->talk, 1, &storm->said);
		return send_said(storm, comer);
	}
	if (comer->state == REPORTING) {
		comer->state = SERVED;
		comer->served_ms = now_ms();
		storm->busy--;
		storm->served++;
	}
	return true;
}

static bool hear(struct storm *storm, struct comer *comer)
{
	static uint8_t bytes[16384];
	int length, answers;

	while ((length = SSL_read(comer->ssl, bytes, sizeof(bytes))) > 0) {
		answers = storm->speech->hear(&comer->talk, bytes, (size_t)length);
		if (answers < 0 || (answers > 0 && !answered(storm, comer)))
			return false;
	}
	return SSL_get_error(comer->ssl, length) == SSL_ERROR_WANT_READ;
}

static void go_on(struct storm *storm, struct comer *comer, unsigned events)
{
	bool well = true;

	if (comer->state == CONNECTING)
		well = (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) ? begin_tls(storm, comer) : true;
	else if (comer->state == SHAKING)
		well = shake(storm, comer);
	if (well && comer->state >= GREETING)
		well = hear(storm, comer);
	if (!well)
		leave(storm, comer, true);
}

/* ---- all of them */

/* False: more has happened. Nobody's time is over for want of ours. */
static bool turn(struct storm *storm)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(storm->epoll, events, EVENTS_MAX, TICK_MS);

	for (int i = 0; i < count; i++)
		go_on(storm, events[i].data.ptr, events[i].events);
	return count < EVENTS_MAX;
}

/* Whose time has come: to try, or to give up. Before the storm only a few at once. */
static void look(struct storm *storm)
{
	uint64_t now = now_ms();

	for (unsigned i = 0; i < storm->options->count; i++) {
		struct comer *comer = &storm->comers[i];
		if (comer->state == SERVED || comer->due_ms > now)
			continue;
		if (comer->state != AWAY)
			leave(storm, comer, false);
		else if (storm->came || storm->busy < AT_ONCE)
			come(storm, comer);
	}
}

static int by_size(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void report(const struct storm *storm)
{
	unsigned count = storm->options->count;
	uint64_t *back_ms = calloc(count, sizeof(*back_ms));

	if (!back_ms)
		return;
	for (unsigned i = 0; i < count; i++) {
		const struct comer *comer = &storm->comers[i];
		back_ms[i] = comer->state == SERVED ? comer->served_ms - comer->lost_ms
						    : storm->options->limit_s * 1000ULL;
	}
	qsort(back_ms, count, sizeof(*back_ms), by_size);
	printf("{\"back\": %u, \"tries\": %llu, \"p50_s\": %.1f, \"p99_s\": %.1f, \"all_s\": "
	       "%.1f}\n",
		storm->served, (unsigned long long)storm->tries, (double)back_ms[count / 2] / 1000,
		(double)back_ms[count * 99ULL / 100] / 1000, (double)back_ms[count - 1] / 1000);
	free(back_ms);
}

static void run(struct storm *storm)
{
	unsigned count = storm->options->count;
	uint64_t end_ms = now_ms() + BEFORE_S * 1000;

	while (storm->served < count && now_ms() < end_ms) {
		if (turn(storm))
			look(storm);
	}
	printf("connected\n");
	fflush(stdout);
	storm->tries = 0;
	while (!storm->came && now_ms() < end_ms)
		turn(storm);
	while (storm->served < count &&
		now_ms() < storm->began_ms + storm->options->limit_s * 1000ULL) {
		if (turn(storm))
			look(storm);
	}
}

int storm_run(const struct storm_options *options, const struct speech *speech,
	const struct people *people)
{
	struct storm storm = {.options = options,
		.speech = speech,
		.people = people,
		.comers = calloc(options->count, sizeof(*storm.comers)),
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.runs = (uint32_t)time(NULL)};
	bool all;

	if (!storm.comers || storm.epoll < 0)
		return -ENOMEM;
	srand(storm.runs);
	buf_init(&storm.said, SAID_MAX);
	for (unsigned i = 0; i < options->count; i++) {
		storm.comers[i].fd = -1;
		backoff_init(&storm.comers[i].backoff, FLOOR_MS, CEILING_MS);
	}
	run(&storm);
	all = storm.served == options->count;
	report(&storm);
	for (unsigned i = 0; i < options->count; i++) {
		SSL_free(storm.comers[i].ssl);
		talk_done(&storm.comers[i].talk);
	}
	buf_done(&storm.said);
	free(storm.comers);
	return all ? 0 : -ETIMEDOUT;
}
