/* SPDX-License-Identifier: Apache-2.0 */
/* pantau-collector: reads the arguments and starts one of the server's processes, or all of
 * them. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "collector/alert/program.h"
#include "collector/family.h"
#include "collector/ingest/program.h"
#include "collector/ledgerd.h"
#include "collector/reflector/master.h"
#include "collector/reflector/program.h"
#include "collector/settings.h"
#include "common/log.h"

enum { EXIT_GOOD, EXIT_FAILED, EXIT_USAGE };

struct arguments {
	const char *config, *state, *command;
	bool print_config;
};

struct process { /* what a child needs to know */
	int (*run)(const char *state, const struct settings *settings, struct err *err);
	const char *state;
	const struct settings *settings;
};

static const char usage[] =
	"usage: pantau-collector [--config FILE] [--state DIR] COMMAND\n"
	"\n"
	"  ingest          take records from agents and keep them in the journal\n"
	"  ledger          read the journal and judge: states, outages, exports\n"
	"  reflector       answer the agents' STAMP questions\n"
	"  alert           tell people of incidents: Telegram, mail, webhook, Alertmanager\n"
	"  run             all of them, as children of this process\n"
	"  check           read the configuration and what it names, and say what is wrong\n"
	"\n"
	"  --config FILE   configuration (default " SETTINGS_FILE ", if it exists)\n"
	"  --state DIR     where everything is kept (default " SETTINGS_STATE ")\n"
	"  --print-config  print the configuration with all its defaults\n"
	"  --version, --help\n";

static int fail(const struct err *err)
{
	fprintf(stderr, "pantau-collector: %s\n", err->text);
	return EXIT_FAILED;
}

/* ---- commands */

static int run_process(void *arg)
{
	const struct process *process = arg;
	struct err err;

	if (process->run(process->state, process->settings, &err) < 0)
		return fail(&err);
	return EXIT_GOOD;
}

/* Whether there is a reflector to be started: without its key it would only die again and again. */
static bool can_reflect(const struct process *reflector)
{
	uint8_t master[STAMP_MASTER_BYTES];
	struct err err;
	bool can;

	if (!*reflector->settings->reflector_listen)
		return false;
	can = master_read(reflector->state, master, &err) == 0;
	explicit_bzero(master, sizeof(master));
	if (!can)
		log_warn("no reflector: %s", err.text);
	return can;
}

/* The ledger is started first and ended last: it can still read what ingest acknowledged last. */
static int run_all(struct process *ingest, struct process *ledger, struct process *reflector,
	struct process *alert)
{
	struct family_member members[4] = {
		{"ledger", run_process, ledger},
		{"ingest", run_process, ingest},
	};
	size_t count = 2;
	struct err err;

	if (can_reflect(reflector))
		members[count++] = (struct family_member){"reflector", run_process, reflector};
	if (settings_want_alerts(alert->settings))
		members[count++] = (struct family_member){"alert", run_process, alert};
	return family_run(members, count, &err) < 0 ? fail(&err) : EXIT_GOOD;
}

static int check(const struct arguments *arguments, const struct settings *settings)
{
	struct err err;

	if (settings_check(arguments->config, &err) < 0 ||
		ingest_check(arguments->state, settings, &err) < 0)
		return fail(&err);
	printf("the configuration is sound\n");
	return EXIT_GOOD;
}

static int run_command(const struct arguments *arguments, const struct settings *settings)
{
	struct process ingest = {ingest_run, arguments->state, settings};
	struct process ledger = {ledgerd_run, arguments->state, settings};
	struct process reflector = {reflector_run, arguments->state, settings};
	struct process alert = {alert_run, arguments->state, settings};

	if (strcmp(arguments->command, "ingest") == 0)
		return run_process(&ingest);
	if (strcmp(arguments->command, "ledger") == 0)
		return run_process(&ledger);
	if (strcmp(arguments->command, "reflector") == 0)
		return run_process(&reflector);
	if (strcmp(arguments->command, "alert") == 0)
		return run_process(&alert);
	if (strcmp(arguments->command, "run") == 0)
		return run_all(&ingest, &ledger, &reflector, &alert);
	if (strcmp(arguments->command, "check") == 0)
		return check(arguments, settings);
	fprintf(stderr, "pantau-collector: unknown command \"%s\"\n%s", arguments->command, usage);
	return EXIT_USAGE;
}

/* ---- arguments */

/* EXIT_GOOD; or -1 when there is nothing more to do; or EXIT_USAGE. */
static int read_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"state", required_argument, NULL, 's'},
		{"print-config", no_argument, NULL, 'p'},
		{"version", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{NULL},
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'c': ret_arguments->config = optarg; break;
		case 's': ret_arguments->state = optarg; break;
		case 'p': ret_arguments->print_config = true; break;
		case 'v': printf("pantau-collector %s\n", PANTAU_VERSION); return -1;
		case 'h': fputs(usage, stdout); return -1;
		default: fputs(usage, stderr); return EXIT_USAGE;
		}
	}
	if (optind < argc)
		ret_arguments->command = argv[optind++];
	if (optind == argc && (ret_arguments->command || ret_arguments->print_config))
		return EXIT_GOOD;
	fputs(usage, stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {.state = SETTINGS_STATE};
	struct settings settings;
	struct err err;
	int r = read_arguments(argc, argv, &arguments);

	if (r != EXIT_GOOD)
		return r < 0 ? EXIT_GOOD : r;
	if (settings_load(arguments.config, &settings, &err) < 0)
		return fail(&err);
	signal(SIGPIPE, SIG_IGN);
	log_set_level((enum log_level)settings.log_level);
	if (arguments.print_config)
		conf_print(settings_table, &settings, stdout);
	else
		r = run_command(&arguments, &settings);
	settings_done(&settings);
	return r;
}
