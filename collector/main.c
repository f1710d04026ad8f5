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
#include "collector/signerd/program.h"
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
	"  signer          hold the CA's key, and sign what the registry holds\n"
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

/* The same of the signer: this account may not be the one that reads the key. */
static bool can_sign(const struct process *signer)
{
	struct err err;

	if (signerd_can_run(signer->state, &err))
		return true;
	log_warn("no signer, so no enrolment: %s", err.text);
	return false;
}

/* The ledger is started first and ended last: it can still read what ingest acknowledged last. */
static int run_all(const char *state, const struct settings *settings)
{
	struct process ingest = {ingest_run, state, settings};
	struct process ledger = {ledgerd_run, state, settings};
	struct process reflector = {reflector_run, state, settings};
	struct process alert = {alert_run, state, settings};
	struct process signer = {signerd_run, state, settings};
	struct family_member members[5] = {
		{"ledger", run_process, &ledger},
		{"ingest", run_process, &ingest},
	};
	size_t count = 2;
	struct err err;

	if (can_sign(&signer))
		members[count++] = (struct family_member){"signer", run_process, &signer};
	if (can_reflect(&reflector))
		members[count++] = (struct family_member){"reflector", run_process, &reflector};
	if (settings_want_alerts(settings))
		members[count++] = (struct family_member){"alert", run_process, &alert};
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
	static const struct {
		const char *name;
		int (*run)(const char *state, const struct settings *settings, struct err *err);
	} processes[] = {
		{"ingest", ingest_run},
		{"ledger", ledgerd_run},
		{"reflector", reflector_run},
		{"alert", alert_run},
		{"signer", signerd_run},
	};

	for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++)
		if (strcmp(arguments->command, processes[i].name) == 0)
			return run_process(
				&(struct process){processes[i].run, arguments->state, settings});
	if (strcmp(arguments->command, "run") == 0)
		return run_all(arguments->state, settings);
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
