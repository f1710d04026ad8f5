/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pantau-probe: one sample over HTTP, taken apart from the agent, so that a resolver that hangs, a
 * crash or a leak costs that sample and nothing else. The agent starts it; so can a person.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/probe/rights.h"
#include "agent/probe/sample.h"
#include "common/clock.h"
#include "common/digits.h"

#define LIMIT_MS_DEFAULT 30000
#define LIMIT_MS_MAX 120000
#define BYTES_MAX (1LL << 30)
#define MARGIN_S 5 /* beyond its own deadline it ends, whatever holds it */

enum exit_code { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
	"Usage: pantau-probe http  [OPTIONS] URL   fetch a page\n"
	"       pantau-probe speed [OPTIONS] URL   measure the speed to an endpoint or a file\n"
	"  --expect TEXT       http: the status, and the beginning of the content (204)\n"
	"  --down-bytes N      speed: most bytes to fetch (16777216); 0: none\n"
	"  --up-bytes N        speed: most bytes to send (12582912); 0: none\n"
	"  --interface NAME    the way out\n"
	"  --public-only       no address but the public internet's\n"
	"  --ca FILE           certificates (PEM) instead of the system's\n"
	"  --limit-ms N        for all of it (30000)\n"
	"  --version, --help\n"
	"Prints key=value lines. Exit 0: a sample was taken, whatever it says.\n";

static int fail_usage(void)
{
	fputs(usage, stderr);
	return EXIT_USAGE;
}

static bool read_number(const char *text, long long max, uint64_t *ret_number)
{
	int64_t number;

	if (digits_parse(text, max, &number) < 0)
		return false;
	*ret_number = (uint64_t)number;
	return true;
}

/* False: usage. */
static bool read_options(
	int argc, char **argv, struct sample_request *request, uint64_t *ret_limit_ms)
{
	static const struct option options[] = {
		{"expect", required_argument, NULL, 'e'},
		{"down-bytes", required_argument, NULL, 'd'},
		{"up-bytes", required_argument, NULL, 'u'},
		{"interface", required_argument, NULL, 'i'},
		{"public-only", no_argument, NULL, 'p'},
		{"ca", required_argument, NULL, 'c'},
		{"limit-ms", required_argument, NULL, 'l'},
		{NULL},
	};
	bool sound = true;
	int option;

	while (sound && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'e': request->expect = optarg; break;
		case 'd': sound = read_number(optarg, BYTES_MAX, &request->down_bytes); break;
		case 'u': sound = read_number(optarg, BYTES_MAX, &request->up_bytes); break;
		case 'i': request->way.interface = optarg; break;
		case 'p': request->way.public_only = true; break;
		case 'c': request->ca = optarg; break;
		case 'l': sound = read_number(optarg, LIMIT_MS_MAX, ret_limit_ms); break;
		default: sound = false;
		}
	}
	request->url = argv[optind];
	return sound && optind + 1 == argc;
}

static int sample(const char *kind, struct sample_request *request, uint64_t limit_ms)
{
	struct err err = {0};
	int status = rights_drop((unsigned)(limit_ms / 1000) + MARGIN_S);

	if (status < 0) {
		fprintf(stderr, "pantau-probe: rights cannot be dropped: %s\n", strerror(-status));
		return EXIT_FAILED;
	}
	request->way.end_us = clock_boot_us() + limit_ms * 1000;
	status = strcmp(kind, "http") == 0 ? sample_http(request, &err)
					   : sample_speed(request, &err);
	if (status == 0)
		return EXIT_DONE;
	fprintf(stderr, "pantau-probe: %s\n", err.text);
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct sample_request request = {
		.expect = "204", .down_bytes = 16 << 20, .up_bytes = 12 << 20, .way.interface = ""};
	uint64_t limit_ms = LIMIT_MS_DEFAULT;
	const char *kind = argc > 1 ? argv[1] : "";

	if (strcmp(kind, "--version") == 0)
		return puts("pantau-probe " PANTAU_VERSION) < 0 ? EXIT_FAILED : EXIT_DONE;
	if (strcmp(kind, "--help") == 0)
		return fputs(usage, stdout) < 0 ? EXIT_FAILED : EXIT_DONE;
	if (strcmp(kind, "http") != 0 && strcmp(kind, "speed") != 0)
		return fail_usage();
	if (!read_options(argc - 1, argv + 1, &request, &limit_ms))
		return fail_usage();
	return sample(kind, &request, limit_ms);
}
