/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least that a writer of line protocol can be: a file of lines, in memory before the clock
 * starts, so many a request, over one connection of libcurl. What the exporter is measured against.
 *
 *	bare-writer URL FILE LINES [US]     says {"lines": N, "s": SECONDS, "cpu_s": SECONDS}
 *
 * With US another thread first spends so many microseconds of CPU on each line, at most as many
 * requests ahead as the exporter: what the machine gives a writer that has to make its lines.
 */
#include <curl/curl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define AHEAD 2 /* requests that are made while one is on its way */

struct maker {
	double request_s; /* of CPU, for each */
	sem_t room, made;
};

static char *read_file(const char *path, size_t *ret_length)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	long length;

	if (!file || fseek(file, 0, SEEK_END) < 0 || (length = ftell(file)) < 0)
		return NULL;
	rewind(file);
	bytes = malloc((size_t)length + 1);
	if (bytes && fread(bytes, 1, (size_t)length, file) != (size_t)length)
		return NULL;
	fclose(file);
	*ret_length = (size_t)length;
	return bytes;
}

static double clock_s(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Until the process ends. */
static void *make(void *arg)
{
	struct maker *maker = arg;

	for (double until_s = 0;;) {
		sem_wait(&maker->room);
		until_s += maker->request_s;
		while (clock_s(CLOCK_THREAD_CPUTIME_ID) < until_s)
			;
		sem_post(&maker->made);
	}
	return NULL;
}

static int start(struct maker *maker)
{
	pthread_t thread;

	sem_init(&maker->room, 0, AHEAD);
	sem_init(&maker->made, 0, 0);
	return maker->request_s > 0 ? pthread_create(&thread, NULL, make, maker) : 0;
}

/* The next request is there; the one after it may be made. */
static void await(struct maker *maker)
{
	if (maker->request_s <= 0)
		return;
	sem_wait(&maker->made);
	sem_post(&maker->room);
}

static double cpu_s(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static size_t lines_from(const char *bytes, size_t length, unsigned most, uint64_t *count)
{
	size_t at = 0;

	for (unsigned i = 0; i < most && at < length; i++, ++*count) {
		const char *feed = memchr(bytes + at, '\n', length - at);
		at = feed ? (size_t)(feed - bytes) + 1 : length;
	}
	return at;
}

static int post(CURL *curl, const char *bytes, size_t length)
{
	long status = 0;

	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, bytes);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
	if (curl_easy_perform(curl) != CURLE_OK)
		return -1;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status == 204 ? 0 : -1;
}

int main(int argc, char **argv)
{
	size_t length = 0, at = 0;
	char *bytes = argc >= 4 ? read_file(argv[2], &length) : NULL;
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	CURL *curl = curl_easy_init();
	struct maker maker = {0};
	double began_s, began_cpu_s;
	uint64_t count = 0;

	if (!bytes || !curl)
		return 2;
	maker.request_s = argc > 4 ? atof(argv[4]) * atoi(argv[3]) / 1e6 : 0;
	began_s = clock_s(CLOCK_MONOTONIC);
	began_cpu_s = cpu_s();
	if (start(&maker) != 0)
		return 2;
	curl_easy_setopt(curl, CURLOPT_URL, argv[1]);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	while (at < length) {
		size_t part = lines_from(bytes + at, length - at, (unsigned)atoi(argv[3]), &count);
		await(&maker);
		if (post(curl, bytes + at, part) < 0)
			return 1;
		at += part;
	}
	printf("{\"lines\": %llu, \"s\": %.6f, \"cpu_s\": %.6f}\n", (unsigned long long)count,
		clock_s(CLOCK_MONOTONIC) - began_s, cpu_s() - began_cpu_s);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	free(bytes);
	return 0;
}
