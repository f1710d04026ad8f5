/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "proto/limits.h"
#include "swarm/swarm.h"
#include "swarm/words.h"

static const char usage[] =
	"Usage: pantau-swarm --agents DIR [--collector ADDRESS:PORT] [--for SECONDS]\n"
	"                    [--since TIME] [--scenario FILE] [--ledger FILE] [--memory FILE]\n"
	"                    [--slot-s N] [--round-s N] [--loss PERCENT] [--sources N]\n"
	"Simulates one agent for each folder in DIR, as `pantau agent issue --out` made it, over\n"
	"real TLS: only the answers to probes are invented. What happens to them, the scenario\n"
	"says; swarm/SCENARIO.md describes it, and the other files.\n"
	"  --since TIME   their lives begin so long ago (30m, 8h, 3d): they live their past as "
	"fast\n"
	"                 as the collector acknowledges it, then go on in real time\n"
	"  --for SECONDS  of real time, after the past; then, or at Ctrl-C, it says what was\n"
	"                 acknowledged; exit status 1 unless all of it was\n"
	"  --ledger FILE  appends what was acknowledged, to be compared with what is kept\n"
	"  --memory FILE  goes on where it stopped the last time: the time in between is lived "
	"too\n"
	"  --sources N    connects from N addresses, 127.0.1.1 and those that follow\n"
	"Default: 127.0.0.1:7443, slots of 60 s, rounds of 10 s, from now until Ctrl-C.\n";

static bool read_number(const char *text, unsigned min, unsigned max, unsigned *ret_number)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end || number < min || number > max)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

static bool read_collector(const char *text, struct swarm_options *options)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;

	if (!length || length >= sizeof(options->host))
		return false;
	snprintf(options->host, sizeof(options->host), "%.*s", (int)length, text);
	return read_number(colon + 1, 1, 65535, &options->port);
}

static bool read_option(int option, const char *text, struct swarm_options *options)
{
	switch (option) {
	case 'a': options->agents = text; return true;
	case 'c': return read_collector(text, options);
	case 'f': return read_number(text, 1, 1000000, &options->for_s);
	case 's': return read_number(text, 1, 60, &options->slot_s);
	case 'r': return read_number(text, 1, 60, &options->round_s);
	case 'e': options->scenario = text; return true;
	case 'b': options->ledger = text; return true;
	case 'm': options->memory = text; return true;
	case 'i': return words_moment(text, &options->since_ms) && options->since_ms >= 0;
	case 'n': return read_number(text, 1, 250, &options->sources);
	case 'l':
		return words_number(text, &options->loss_percent) && options->loss_percent >= 0 &&
			options->loss_percent <= 100;
	default: return false;
	}
}

int main(int argc, char **argv)
{
	static const struct option names[] = {{"agents", 1, NULL, 'a'}, {"collector", 1, NULL, 'c'},
		{"for", 1, NULL, 'f'}, {"slot-s", 1, NULL, 's'}, {"round-s", 1, NULL, 'r'},
		{"loss", 1, NULL, 'l'}, {"scenario", 1, NULL, 'e'}, {"ledger", 1, NULL, 'b'},
		{"memory", 1, NULL, 'm'}, {"since", 1, NULL, 'i'}, {"sources", 1, NULL, 'n'},
		{"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct swarm_options options = {.host = "127.0.0.1",
		.port = PROTO_PORT,
		.slot_s = 60,
		.round_s = 10,
		.loss_percent = -1};
	struct err err;
	int option, status;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'h')
			return fputs(usage, stdout) < 0;
		if (!read_option(option, optarg, &options)) {
			if (optarg)
				fprintf(stderr, "pantau-swarm: %s: is no such value\n", optarg);
			return fputs(usage, stderr), 2;
		}
	}
	if (!options.agents || optind < argc || options.slot_s < options.round_s)
		return fputs(usage, stderr), 2;
	signal(SIGPIPE, SIG_IGN);
	status = swarm_run(&options, &err);
	if (status < 0)
		log_error("%s", err.text);
	return status != 0;
}
