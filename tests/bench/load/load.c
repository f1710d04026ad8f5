/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many callers of one server, over real TLS 1.3 with a certificate each, from one thread:
 *
 *   all connect, a few at once -> rest -> each says a burst of reports and awaits its answers,
 *   again and again, as fast as it goes or at a given rate
 *
 * and what that cost the server's process. The same shape for pantau, mqtt and http.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/load/people.h"
#include "tests/bench/load/served.h"
#include "tests/bench/load/speech.h"
#include "tests/bench/load/storm.h"

#define SHAKING_MAX 32 /* connections that are being made at once */
#define EVENTS_MAX 512
#define SAMPLES_MAX 4000000
#define REST_MS 2000 /* after the last connection: what is freed late is free */
#define ADDRESSES 4 /* 127.0.0.1 to .4 call: ports for more than 28,000 */
#define US_PER_S 1000000

enum caller_state { SHAKING, GREETING, RESTING, WAITING };

struct caller {
	int fd;
	SSL *ssl;
	enum caller_state state;
	unsigned awaited; /* answers */
	uint64_t sent_us;
	struct talk talk;
};

struct options {
	const char *speech, *state;
	unsigned port, count, burst, seconds, rate; /* rate: reports a second, 0: no pause */
	pid_t pid;
	bool storm, deaf, beside;
};

struct load {
	const struct options *options;
	const struct speech *speech;
	struct people *people;
	struct caller *callers;
	int epoll;
	unsigned begun, ready; /* callers */
	bool talking; /* an answered caller goes on at once */
	uint32_t *samples_us;
	size_t answers, late;
	struct buf said;
};

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "load: %s\n", what);
	exit(1);
}

/* ---- one caller */

static void send_said(struct load *load, struct caller *caller)
{
	int length = (int)buf_length(&load->said);

	if (length > 0 && SSL_write(caller->ssl, buf_peek(&load->said), length) != length)
		die("the server does not read");
	buf_clear(&load->said);
}

static void shake(struct load *load, struct caller *caller)
{
	int done = SSL_do_handshake(caller->ssl);

	if (done != 1 && SSL_get_error(caller->ssl, done) != SSL_ERROR_WANT_READ)
		die("a handshake failed");
	if (done != 1)
		return;
	caller->state = GREETING;
	load->speech->greet(&caller->talk, &load->said);
	send_said(load, caller);
	if (!load->speech->greets) {
		caller->state = RESTING;
		load->ready++;
	}
}

static void begin_caller(struct load *load)
{
	uint32_t number = load->begun++;
	struct caller *caller = &load->callers[number];
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)load->options->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in from = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number % ADDRESSES)};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = caller};
	int one = 1;

	caller->fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(caller->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (bind(caller->fd, (struct sockaddr *)&from, sizeof(from)) < 0 ||
		connect(caller->fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		die(strerror(errno));
	setsockopt(caller->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(caller->fd, F_SETFL, O_NONBLOCK);
	caller->ssl = people_ssl(load->people, number + 1, load->speech->alpn);
	if (!caller->ssl)
		die("no memory for TLS");
	SSL_set_fd(caller->ssl, caller->fd);
	talk_init(&caller->talk, number + 1, (uint32_t)time(NULL));
	epoll_ctl(load->epoll, EPOLL_CTL_ADD, caller->fd, &event);
	shake(load, caller);
}

static void say_burst(struct load *load, struct caller *caller)
{
	caller->state = WAITING;
	caller->awaited = load->options->burst;
	caller->sent_us = now_us();
	load->speech->report(&caller->talk, caller->awaited, &load->said);
	send_said(load, caller);
}

static void take_answers(struct load *load, struct caller *caller, unsigned count)
{
	uint32_t waited_us = (uint32_t)(now_us() - caller->sent_us);

	if (count > caller->awaited)
		die("an answer too many");
	for (unsigned i = 0; i < count && load->answers < SAMPLES_MAX; i++)
		load->samples_us[load->answers++] = waited_us;
	caller->awaited -= count;
	if (caller->awaited > 0)
		return;
	caller->state = RESTING;
	if (load->talking)
		say_burst(load, caller);
}

static void hear(struct load *load, struct caller *caller)
{
	static uint8_t bytes[16384];
	int length, answers;

	while ((length = SSL_read(caller->ssl, bytes, sizeof(bytes))) > 0) {
		answers = load->speech->hear(&caller->talk, bytes, (size_t)length);
		if (answers < 0)
			die("an answer that is none");
		if (caller->state == GREETING && answers == 1) {
			caller->state = RESTING;
			load->ready++;
		} else if (answers > 0) {
			take_answers(load, caller, (unsigned)answers);
		}
	}
	if (SSL_get_error(caller->ssl, length) != SSL_ERROR_WANT_READ)
		die("a connection ended");
}

/* ---- all of them */

static void turn(struct load *load, uint64_t wait_us)
{
	struct timespec wait = {(time_t)(wait_us / US_PER_S), (long)(wait_us % US_PER_S) * 1000};
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_pwait2(load->epoll, events, EVENTS_MAX, &wait, NULL);

	for (int i = 0; i < count; i++) {
		struct caller *caller = events[i].data.ptr;

		if (caller->state == SHAKING)
			shake(load, caller);
		else
			hear(load, caller);
	}
}

static void connect_all(struct load *load)
{
	while (load->ready < load->options->count) {
		while (load->begun < load->options->count &&
			load->begun - load->ready < SHAKING_MAX)
			begin_caller(load);
		turn(load, US_PER_S);
	}
}

/* Each has its turn, evenly spread; one that still waits is passed over. */
static void talk_at_rate(struct load *load, uint64_t began_us, uint64_t end_us)
{
	double gap_us = (double)US_PER_S * load->options->burst / load->options->rate;
	uint64_t now = began_us, due_us = began_us;

	for (uint64_t number = 0; now < end_us; now = now_us()) {
		for (; due_us <= now; number++) {
			struct caller *caller = &load->callers[number % load->options->count];

			if (caller->state == RESTING)
				say_burst(load, caller);
			else
				load->late++;
			due_us = began_us + (uint64_t)((double)(number + 1) * gap_us);
		}
		turn(load, due_us - now);
	}
}

static void talk_without_pause(struct load *load, uint64_t end_us)
{
	load->talking = true;
	for (unsigned i = 0; i < load->options->count; i++)
		say_burst(load, &load->callers[i]);
	while (now_us() < end_us)
		turn(load, 1000);
	load->talking = false;
}

static int compare_samples(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void measure_talk(struct load *load)
{
	uint64_t cpu_ns = served_cpu_ns(load->options->pid), began_us = now_us();
	uint64_t end_us = began_us + (uint64_t)load->options->seconds * US_PER_S, spent_us;

	if (load->options->rate)
		talk_at_rate(load, began_us, end_us);
	else
		talk_without_pause(load, end_us);
	for (spent_us = 0; spent_us < US_PER_S / 2; spent_us = now_us() - end_us)
		turn(load, 100000); /* the last answers */
	cpu_ns = served_cpu_ns(load->options->pid) - cpu_ns;
	qsort(load->samples_us, load->answers, sizeof(*load->samples_us), compare_samples);
	printf("\"reports\": %zu, \"report_us\": %.2f, \"core_percent\": %.2f, \"late\": %zu, "
	       "\"p50_ms\": %.2f, \"p99_ms\": %.2f",
		load->answers, (double)cpu_ns / 1000 / (double)load->answers,
		(double)cpu_ns / 1e7 / load->options->seconds, load->late,
		load->samples_us[load->answers / 2] / 1000.0,
		load->samples_us[load->answers * 99 / 100] / 1000.0);
}

static void measure(struct load *load)
{
	const struct options *options = load->options;
	uint64_t memory = served_private_bytes(options->pid), cpu_ns = served_cpu_ns(options->pid);
	uint64_t began_us = now_us(), rested_us;

	connect_all(load);
	rested_us = now_us();
	cpu_ns = served_cpu_ns(options->pid) - cpu_ns;
	printf("{\"handshakes_s\": %.0f, \"handshake_us\": %.1f, ",
		options->count * 1e6 / (double)(rested_us - began_us),
		(double)cpu_ns / 1000 / options->count);
	while (now_us() < rested_us + (uint64_t)REST_MS * 1000)
		turn(load, 100000);
	memory = served_private_bytes(options->pid) - memory;
	printf("\"idle_bytes\": %.0f, ", (double)memory / options->count);
	fflush(stdout);
	measure_talk(load);
	printf("}\n");
}

/* ---- */

static const char usage[] =
	"Usage: load --speech pantau|mqtt|http --state DIR --port N --pid N [--count N]\n"
	"            [--burst N] [--seconds N] [--rate REPORTS-A-SECOND] [--storm [--deaf]]\n"
	"            [--beside]\n"
	"DIR is a server's state folder: callers get certificates of its CA, and are the only\n"
	"agents in its roster from then on. Prints one JSON object: what the process --pid "
	"spent.\n"
	"--beside: those who are in the roster stay in it.\n"
	"--storm: all connect, the server is then to be killed and started anew by others, and\n"
	"within --seconds all are to be back; --deaf: to what WELCOME says of coming back.\n";

static bool read_option(int option, const char *text, struct options *options)
{
	unsigned number = (unsigned)strtoul(text ? text : "", NULL, 10);

	switch (option) {
	case 's': options->speech = text; return true;
	case 'd': options->state = text; return true;
	case 'p': options->port = number; return number > 0 && number < 65536;
	case 'P': options->pid = (pid_t)number; return number > 0;
	case 'c': options->count = number; return number > 0;
	case 'b': options->burst = number; return number > 0 && number <= BURST_MAX;
	case 't': options->seconds = number; return number > 0;
	case 'r': options->rate = number; return true;
	case 'S': options->storm = true; return true;
	case 'D': options->deaf = true; return true;
	case 'B': options->beside = true; return true;
	default: return false;
	}
}

static int storm(const struct load *load)
{
	const struct storm_options options = {.port = load->options->port,
		.count = load->options->count,
		.limit_s = load->options->seconds,
		.deaf = load->options->deaf};

	return storm_run(&options, load->speech, load->people) < 0;
}

static int run(struct load *load)
{
	const struct people_wish wish = {load->options->count, load->options->beside};
	int failed = 0;
	struct rlimit files;
	struct err err;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	load->callers = calloc(load->options->count, sizeof(*load->callers));
	load->samples_us = malloc(SAMPLES_MAX * sizeof(*load->samples_us));
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	buf_init(&load->said, SAID_MAX);
	if (people_new(load->options->state, &wish, &load->people, &err) < 0)
		die(err.text);
	if (load->options->storm)
		failed = storm(load);
	else
		measure(load);
	for (unsigned i = 0; i < load->begun; i++) {
		SSL_free(load->callers[i].ssl);
		close(load->callers[i].fd);
		talk_done(&load->callers[i].talk);
	}
	people_free(load->people);
	buf_done(&load->said);
	close(load->epoll);
	free(load->samples_us);
	free(load->callers);
	return failed;
}

int main(int argc, char **argv)
{
	static const struct option names[] = {{"speech", 1, NULL, 's'}, {"state", 1, NULL, 'd'},
		{"port", 1, NULL, 'p'}, {"pid", 1, NULL, 'P'}, {"count", 1, NULL, 'c'},
		{"burst", 1, NULL, 'b'}, {"seconds", 1, NULL, 't'}, {"rate", 1, NULL, 'r'},
		{"storm", 0, NULL, 'S'}, {"deaf", 0, NULL, 'D'}, {"beside", 0, NULL, 'B'},
		{NULL, 0, NULL, 0}};
	struct options options = {.count = 100, .burst = 1, .seconds = 5};
	struct load load = {.options = &options};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (!read_option(option, optarg, &options))
			return fputs(usage, stderr), 2;
	load.speech = options.speech ? speech_find(options.speech) : NULL;
	if (!load.speech || !options.state || !options.port || !options.pid || optind < argc)
		return fputs(usage, stderr), 2;
	signal(SIGPIPE, SIG_IGN);
	return run(&load);
}
