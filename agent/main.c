/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "agent/technician/commission.h"
#include "agent/technician/enrol.h"
#include "agent/technician/probe_once.h"
#include "agent/technician/status_words.h"
#include "common/log.h"

#define DEFAULT_CONFIG "/etc/pantau/agent.conf"
#define ROUTER_CONFIG "/var/etc/pantau-agent.conf" /* made from UCI by the start script */
#define WORDS_MAX 2

enum exit_code { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
	"Usage: pantau-agent run        measure and report until SIGTERM\n"
	"       pantau-agent check      say what is wrong with the configuration\n"
	"       pantau-agent enrol TOKEN              become an agent, once, with a token from the "
	"centre\n"
	"       pantau-agent status     what the running agent sees, in plain words\n"
	"       pantau-agent commission [--by NAME] [--note TEXT]\n"
	"                               ask everything once, print a certificate of installation\n"
	"                               and have the collector keep it\n"
	"       pantau-agent probe KIND TARGET\n"
	"                               ask once: icmp ADDRESS, tcp ADDRESS:PORT,\n"
	"                               dns RESOLVER[/NAME], stamp ADDRESS:PORT, http URL,\n"
	"                               speed URL\n"
	"       pantau-agent --print-config           every key with its default\n"
	"       pantau-agent --version | --help\n"
	"\n"
	"Each of the first six takes --config FILE (" DEFAULT_CONFIG
	" unless given). status, enrol\n"
	"and commission speak Bahasa Indonesia, or English with --english or a LANG that begins "
	"with "
	"en.\n"
	"\n"
	"Exit codes: 0 all is well, 1 failed, 2 usage. status and commission also: 3 measured, "
	"but\n"
	"not delivered to the collector; 4 the link does not answer; 5 the agent does not run.\n";

struct options {
	const char *config, *by, *note;
	enum language language;
	int count;
	const char *words[WORDS_MAX];
};

static int fail(const struct err *err)
{
	log_error("%s", err->text);
	return EXIT_FAILED;
}

/* ---- commands */

static int run(const struct options *options)
{
	struct settings settings;
	struct err err;
	int status = settings_load(&settings, options->config, &err);

	if (status < 0)
		return fail(&err);
	log_set_level((enum log_level)settings.log_level);
	/* Only names are resolved there: one thread is enough, and four take memory. */
	setenv("UV_THREADPOOL_SIZE", "1", 0);
	/* A resolver that hangs gives up before whoever waits for the agent to stop does. */
	setenv("RES_OPTIONS", "timeout:2 attempts:2", 0);
	status = agent_run(&settings, options->config, &err);
	settings_done(&settings);
	return status < 0 ? fail(&err) : EXIT_DONE;
}

static int check(const struct options *options)
{
	struct settings settings;
	struct err err;

	if (settings_load(&settings, options->config, &err) < 0)
		return fail(&err);
	settings_done(&settings);
	printf("%s: sound\n", options->config);
	return EXIT_DONE;
}

static int status(const struct options *options)
{
	struct settings settings;
	struct err err;
	int told = settings_load(&settings, options->config, &err);

	if (told < 0)
		return fail(&err);
	told = status_print(settings.runtime_folder, options->language, stdout, &err);
	settings_done(&settings);
	return told < 0 ? fail(&err) : told;
}

static int commission(const struct options *options)
{
	struct settings settings;
	struct commission_order order = {
		.settings = &settings,
		.by = options->by,
		.note = options->note,
		.language = options->language,
		.out = stdout,
	};
	struct err err;
	int told = settings_load(&settings, options->config, &err);

	if (told < 0)
		return fail(&err);
	told = commission_run(&order, &err);
	settings_done(&settings);
	return told < 0 ? fail(&err) : told;
}

static int enrol(const struct options *options)
{
	const struct enrol_order order = {
		.token = options->words[0],
		.config = options->config,
		.language = options->language,
		.out = stdout,
	};
	struct err err;
	int failed = enrol_run(&order, &err);

	if (failed == -EACCES)
		return EXIT_FAILED;
	return failed < 0 ? fail(&err) : EXIT_DONE;
}

static int probe(const struct options *options)
{
	const struct probe_order order = {
		.kind = options->words[0],
		.target = options->words[1],
		.config = options->config,
	};
	struct err err;
	int failed = probe_once(&order, stdout, &err);

	if (failed == -ETIMEDOUT)
		return EXIT_FAILED;
	return failed < 0 ? fail(&err) : EXIT_DONE;
}

static int print_config(const struct options *options)
{
	struct settings settings;
	struct err err;

	if (settings_default(&settings, &err) < 0)
		return fail(&err);
	settings_print(&settings, stdout);
	settings_done(&settings);
	return EXIT_DONE;
}

static int version(const struct options *options)
{
	return printf("pantau-agent %s\n", PANTAU_VERSION) < 0 ? EXIT_FAILED : EXIT_DONE;
}

static int help(const struct options *options)
{
	return fputs(usage, stdout) < 0 ? EXIT_FAILED : EXIT_DONE;
}

static const struct command {
	const char *name;
	int (*run)(const struct options *options);
	int words; /* beside options */
} commands[] = {
	{"run", run, 0},
	{"check", check, 0},
	{"status", status, 0},
	{"commission", commission, 0},
	{"enrol", enrol, 1},
	{"probe", probe, 2},
	{"--print-config", print_config, 0},
	{"--version", version, 0},
	{"--help", help, 0},
};

/* ---- the command line */

/* "--name VALUE" or "--name=VALUE"; 0, or how many words it took. */
static int take_value(char **words, int count, const char *name, const char **ret_value)
{
	size_t length = strlen(name);

	if (strncmp(words[0], name, length) != 0)
		return 0;
	if (words[0][length] == '=') {
		*ret_value = words[0] + length + 1;
		return 1;
	}
	if (words[0][length] || count < 2)
		return 0;
	*ret_value = words[1];
	return 2;
}

/* How many words it took; 0: it is no option of ours. */
static int take_option(char **words, int count, struct options *options)
{
	int taken = take_value(words, count, "--config", &options->config);

	if (!taken)
		taken = take_value(words, count, "--by", &options->by);
	if (!taken)
		taken = take_value(words, count, "--note", &options->note);
	if (!taken && strcmp(words[0], "--english") == 0) {
		options->language = LANGUAGE_ENGLISH;
		taken = 1;
	}
	return taken;
}

static bool read_options(char **words, int count, struct options *options)
{
	while (count > 0) {
		int taken = take_option(words, count, options);

		if (!taken && (words[0][0] == '-' || options->count == WORDS_MAX))
			return false;
		if (!taken) {
			options->words[options->count++] = words[0];
			taken = 1;
		}
		words += taken;
		count -= taken;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options options = {
		.config = access(ROUTER_CONFIG, R_OK) == 0 ? ROUTER_CONFIG : DEFAULT_CONFIG,
		.by = "",
		.note = "",
		.language = words_language()};

	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		if (argc == 3 && strcmp(argv[2], "--help") == 0)
			return help(&options);
		if (read_options(argv + 2, argc - 2, &options) &&
			options.count == commands[i].words)
			return commands[i].run(&options);
		break;
	}
	fputs(usage, stderr);
	return EXIT_USAGE;
}
