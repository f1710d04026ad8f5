/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/settings.h"
#include "common/log.h"
#include "web/web.h"

enum exit_status { EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct arguments {
	const char *state, *config, *listen;
	bool check, print_config;
};

static void print_usage(FILE *out)
{
	fputs("usage: pantau-web [--state DIR] [--config FILE] [--listen ADDRESS:PORT]\n"
	      "  --state DIR    folder of the databases (default " SETTINGS_STATE ")\n"
	      "  --config FILE  configuration (default " SETTINGS_FILE ", if it is there)\n"
	      "  --listen A:P   instead of [web] listen; port 0 takes a free one\n"
	      "  --check        read the configuration, and end\n"
	      "  --print-config print the configuration with all its defaults\n"
	      "  --version, --help\n",
		out);
}

/* Returns an exit status, or -1 to go on. */
static int read_arguments(int argc, char **argv, struct arguments *ret)
{
	static const struct option options[] = {
		{"state", required_argument, NULL, 's'},
		{"config", required_argument, NULL, 'c'},
		{"listen", required_argument, NULL, 'l'},
		{"check", no_argument, NULL, 'k'},
		{"print-config", no_argument, NULL, 'p'},
		{"version", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{NULL},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's': ret->state = optarg; break;
		case 'c': ret->config = optarg; break;
		case 'l': ret->listen = optarg; break;
		case 'k': ret->check = true; break;
		case 'p': ret->print_config = true; break;
		case 'v': puts("pantau-web " PANTAU_VERSION); return EXIT_SUCCESS;
		case 'h': print_usage(stdout); return EXIT_SUCCESS;
		default: print_usage(stderr); return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "pantau-web: unexpected \"%s\"\n", argv[optind]);
		print_usage(stderr);
		return EXIT_USAGE;
	}
	return -1;
}

static int serve(const struct arguments *arguments, const struct settings *settings)
{
	const struct web_options options = {.state = arguments->state,
		.listen = arguments->listen ? arguments->listen : settings->web_listen,
		.speed_listen = settings->web_speed_listen,
		.speed_streams = (size_t)settings->web_speed_streams,
		.banner = settings->web_banner,
		.tiles = settings->web_tiles,
		.boundaries = settings->web_boundaries,
		.letterhead = {settings->report_province, settings->report_office,
			settings->report_address, settings->report_logo, settings->report_city,
			settings->report_number, settings->web_public_url},
		.publisher = {settings->open_title, settings->open_publisher,
			settings->open_contact, settings->open_licence, settings->open_money,
			settings->web_public_url, settings->report_province,
			settings->report_office, settings->web_banner},
		.accounts = {
			.trusted_proxy = settings->web_trusted_proxy,
			.limits = {settings->web_session_idle_s, settings->web_session_max_s},
			.metrics_public = settings->web_metrics_public,
		}};
	struct err err;

	if (web_run(&options, &err) == 0)
		return EXIT_SUCCESS;
	log_error("%s", err.text);
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.state = SETTINGS_STATE};
	struct settings settings;
	struct err err = {0};
	int status = read_arguments(argc, argv, &arguments);

	if (status >= 0)
		return status;
	if (settings_load(arguments.config, &settings, &err) < 0) {
		fprintf(stderr, "pantau-web: %s\n", err.text);
		return EXIT_FAILED;
	}
	log_set_level((enum log_level)settings.log_level);
#ifdef M_ARENA_MAX /* each thread's own would keep for good the most that an answer ever took */
	mallopt(M_ARENA_MAX, 1);
#endif
	status = EXIT_SUCCESS;
	if (arguments.print_config)
		conf_print(settings_table, &settings, stdout);
	else if (!arguments.check)
		status = serve(&arguments, &settings);
	settings_done(&settings);
	return status;
}
