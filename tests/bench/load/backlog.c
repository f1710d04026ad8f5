/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everybody has hours of records to tell: each of so many agents comes, over real TLS 1.3 with a
 * certificate of its own, tells all that it has as an agent does (HELLO, reports up to what may be
 * in flight, more with each ACK) and leaves when all of it is acknowledged. One thread; so many at
 * once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "proto/frame.h"
#include "proto/limits.h"
#include "tests/bench/load/people.h"
#include "tests/bench/load/telling.h"

#define ROUTERS 256 /* different histories: 23 MB of eight hours */
#define AGENTS_MAX 100000
#define AT_ONCE_MAX 15000
#define ADDRESSES 4 /* 127.0.0.1 to .4 call: closed connections keep their ports a minute */
#define EVENTS_MAX 512
#define SEND_BYTES (4 * UNACKED_MAX_BYTES) /* the kernel takes all that may be in flight */
#define SAID_BYTES (128 * 1024)
#define AGAIN_MS 2000 /* one whose connection was lost */
#define TICK_MS 100
#define ALPN "\x08pantau/1"

enum caller_state { AWAY, SHAKING, GREETING, TELLING };

struct caller {
	enum caller_state state;
	uint32_t agent; /* 0: all have had their turn */
	int fd;
	SSL *ssl;
	uint64_t due_ms; /* AWAY: when it comes */
	struct telling telling;
	struct frame_reader reader;
};

struct options {
	const char *state;
	unsigned port, agents, at_once, seconds;
	int64_t from_s, to_s;
};

struct backlog {
	const struct options *options;
	struct people *people;
	struct past *past;
	struct caller *callers;
	int epoll;
	uint32_t begun, done; /* agents */
	uint64_t lost, records, slots;
	double cpu_s; /* before the first came */
	struct buf said;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void die(const char *what)
{
	fprintf(stderr, "backlog: %s\n", what);
	exit(1);
}

/* ---- one agent's turn */

static void close_caller(struct caller *caller)
{
	SSL_free(caller->ssl);
	close(caller->fd);
	frame_reader_done(&caller->reader);
	caller->ssl = NULL;
	caller->state = AWAY;
}

static void next_agent(struct backlog *backlog, struct caller *caller)
{
	caller->agent = 0;
	caller->due_ms = 0;
	if (backlog->begun == backlog->options->agents)
		return;
	caller->agent = ++backlog->begun;
	telling_init(&caller->telling, past_of(backlog->past, caller->agent));
}

static void lose(struct backlog *backlog, struct caller *caller)
{
	close_caller(caller);
	backlog->lost++;
	caller->due_ms = now_ms() + AGAIN_MS;
}

static void finish(struct backlog *backlog, struct caller *caller)
{
	backlog->done++;
	backlog->records += caller->telling.past->count;
	backlog->slots += caller->telling.past->slots;
	SSL_shutdown(caller->ssl);
	close_caller(caller);
	next_agent(backlog, caller);
}

/* ---- what it says */

static bool send_said(struct backlog *backlog, struct caller *caller)
{
	int length = (int)buf_length(&backlog->said);
	bool sent = !length || SSL_write(caller->ssl, buf_peek(&backlog->said), length) == length;

	buf_clear(&backlog->said);
	return sent;
}

static bool tell(struct backlog *backlog, struct caller *caller)
{
	return telling_report(&caller->telling, &backlog->said) == 0 && send_said(backlog, caller);
}

/* ---- what it hears */

/* False: the collector refuses it, or says what is none of ours. */
static bool take(struct backlog *backlog, struct caller *caller, const struct message *message)
{
	if (message->kind == MESSAGE_WELCOME) {
		telling_welcomed(&caller->telling, &message->welcome);
		caller->state = TELLING;
		return tell(backlog, caller);
	}
	if (message->kind == MESSAGE_REJECT)
		die("a record was rejected");
	if (message->kind != MESSAGE_ACK)
		return message->kind != MESSAGE_REFUSE;
	telling_acked(&caller->telling, &message->ack);
	return tell(backlog, caller);
}

static bool hear(struct backlog *backlog, struct caller *caller)
{
	static uint8_t bytes[16384];
	static struct message message;
	struct frame_input input;
	const uint8_t *payload;
	size_t size;
	int length;

	while ((length = SSL_read(caller->ssl, bytes, sizeof(bytes))) > 0) {
		input = (struct frame_input){bytes, (size_t)length};
		while (frame_next(&caller->reader, &input, &payload, &size) > 0)
			if (codec_from_collector_decode(payload, size, &message, NULL) < 0 ||
				!take(backlog, caller, &message))
				return false;
	}
	return SSL_get_error(caller->ssl, length) == SSL_ERROR_WANT_READ;
}

static bool shake(struct backlog *backlog, struct caller *caller)
{
	int done = SSL_do_handshake(caller->ssl);

	if (done != 1)
		return SSL_get_error(caller->ssl, done) == SSL_ERROR_WANT_READ;
	caller->state = GREETING;
	return telling_greet(&caller->telling, &backlog->said) == 0 && send_said(backlog, caller);
}

static void go_on(struct backlog *backlog, struct caller *caller)
{
	bool well = caller->state != SHAKING || shake(backlog, caller);

	if (well && caller->state != SHAKING)
		well = hear(backlog, caller);
	if (!well)
		lose(backlog, caller);
	else if (caller->state == TELLING && telling_is_over(&caller->telling))
		finish(backlog, caller);
}

/* ---- coming */

static int open_socket(const struct backlog *backlog, uint32_t agent)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)backlog->options->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in from = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + agent % ADDRESSES)};
	int one = 1, bytes = SEND_BYTES, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
		connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		die(strerror(errno));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void come(struct backlog *backlog, struct caller *caller)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = caller};

	caller->fd = open_socket(backlog, caller->agent);
	caller->ssl = people_ssl(backlog->people, caller->agent, ALPN);
	if (!caller->ssl)
		die("no memory for TLS");
	SSL_set_fd(caller->ssl, caller->fd);
	frame_reader_init(&caller->reader);
	caller->state = SHAKING;
	epoll_ctl(backlog->epoll, EPOLL_CTL_ADD, caller->fd, &event);
	go_on(backlog, caller);
}

static void look(struct backlog *backlog)
{
	uint64_t now = now_ms();

	for (unsigned i = 0; i < backlog->options->at_once; i++) {
		struct caller *caller = &backlog->callers[i];

		if (caller->state == AWAY && caller->agent && caller->due_ms <= now)
			come(backlog, caller);
	}
}

static void turn(struct backlog *backlog)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(backlog->epoll, events, EVENTS_MAX, TICK_MS);

	for (int i = 0; i < count; i++)
		go_on(backlog, events[i].data.ptr);
}

/* ---- */

static void report(const struct backlog *backlog, uint64_t began_ms)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	printf("{\"agents\": %" PRIu32 ", \"records\": %" PRIu64 ", \"slots\": %" PRIu64
	       ", \"s\": %.1f, \"lost\": %" PRIu64 ", \"cpu_s\": %.1f}\n",
		backlog->done, backlog->records, backlog->slots,
		(double)(now_ms() - began_ms) / 1000, backlog->lost,
		(double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) - backlog->cpu_s);
}

static int run(struct backlog *backlog)
{
	const struct options *options = backlog->options;
	uint64_t began = now_ms(), end = began + options->seconds * 1000ULL;
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	backlog->cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
	for (unsigned i = 0; i < options->at_once; i++)
		next_agent(backlog, &backlog->callers[i]);
	while (backlog->done < options->agents && now_ms() < end) {
		look(backlog);
		turn(backlog);
	}
	report(backlog, began);
	return backlog->done < options->agents;
}

static const char usage[] =
	"Usage: backlog --state DIR --port N --from UTC_S --to UTC_S [--agents N] [--at-once N]\n"
	"               [--seconds N]\n"
	"DIR is a server's state folder: agents 1 to N get certificates of its CA, and are the\n"
	"only ones in its roster from then on. Says \"ready\", waits for a line on standard "
	"input,\n"
	"and tells the collector what each has recorded in between. At the end one JSON object.\n";

static bool read_option(int option, const char *text, struct options *options)
{
	long long number = strtoll(text ? text : "", NULL, 10);

	switch (option) {
	case 'd': options->state = text; return true;
	case 'p': options->port = (unsigned)number; return number > 0 && number < 65536;
	case 'f': options->from_s = number; return number > 0;
	case 't': options->to_s = number; return number > 0;
	case 'n': options->agents = (unsigned)number; return number > 0 && number <= AGENTS_MAX;
	case 'o': options->at_once = (unsigned)number; return number > 0 && number <= AT_ONCE_MAX;
	case 's': options->seconds = (unsigned)number; return number > 0;
	default: return false;
	}
}

static void prepare(struct backlog *backlog)
{
	const struct options *options = backlog->options;
	struct rlimit files;
	struct err err;

	signal(SIGPIPE, SIG_IGN);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	buf_init(&backlog->said, SAID_BYTES);
	backlog->epoll = epoll_create1(EPOLL_CLOEXEC);
	backlog->callers = calloc(options->at_once, sizeof(*backlog->callers));
	if (!backlog->callers || backlog->epoll < 0)
		die("no memory");
	if (past_new(ROUTERS, options->from_s, options->to_s, &backlog->past, &err) < 0 ||
		people_new(options->state, &(struct people_wish){options->agents}, &backlog->people,
			&err) < 0)
		die(err.text);
}

int main(int argc, char **argv)
{
	static const struct option names[] = {{"state", 1, NULL, 'd'}, {"port", 1, NULL, 'p'},
		{"from", 1, NULL, 'f'}, {"to", 1, NULL, 't'}, {"agents", 1, NULL, 'n'},
		{"at-once", 1, NULL, 'o'}, {"seconds", 1, NULL, 's'}, {NULL, 0, NULL, 0}};
	struct options options = {.agents = 1000, .at_once = 500, .seconds = 600};
	struct backlog backlog = {.options = &options};
	int option, failed;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!read_option(option, optarg, &options))
			return fputs(usage, stderr), 2;
	if (!options.state || !options.port || options.to_s <= options.from_s || optind < argc)
		return fputs(usage, stderr), 2;
	prepare(&backlog);
	printf("ready\n");
	fflush(stdout);
	if (getchar() == EOF)
		die("nobody said go");
	failed = run(&backlog);
	people_free(backlog.people);
	past_free(backlog.past);
	buf_done(&backlog.said);
	close(backlog.epoll);
	free(backlog.callers);
	return failed;
}
