/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/probe_once.h"
#include "agent/status.h"
#include "common/log.h"

#define DEFAULT_CONFIG "/etc/pantau/agent.conf"

enum exit_code { EXIT_DONE, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
	"Usage: pantau-agent run    [--config FILE]   measure and report until SIGTERM\n"
	"       pantau-agent check  [--config FILE]   say what is wrong with the configuration\n"
	"       pantau-agent status [--config FILE]   what the running agent does, in plain words\n"
	"       pantau-agent probe  KIND TARGET [--config FILE]\n"
	"                                             ask once: icmp ADDRESS, tcp ADDRESS:PORT,\n"
	"                                             dns RESOLVER[/NAME], stamp ADDRESS:PORT\n"
	"       pantau-agent --print-config           every key with its default\n"
	"       pantau-agent --version | --help\n"
	"\n"
	"FILE is " DEFAULT_CONFIG " unless given.\n";

static int fail(const struct err *err)
{
	log_error("%s", err->text);
	return EXIT_FAILED;
}

static int run(const char *path)
{
	struct settings settings;
	struct err err;
	int status = settings_load(&settings, path, &err);

	if (status < 0)
		return fail(&err);
	log_set_level((enum log_level)settings.log_level);
	/* Only names are resolved there: one thread is enough, and four take memory. */
	setenv("UV_THREADPOOL_SIZE", "1", 0);
	status = agent_run(&settings, &err);
	settings_done(&settings);
	return status < 0 ? fail(&err) : EXIT_DONE;
}

static int check(const char *path)
{
	struct settings settings;
	struct err err;

	if (settings_load(&settings, path, &err) < 0)
		return fail(&err);
	settings_done(&settings);
	printf("%s: sound\n", path);
	return EXIT_DONE;
}

static int status(const char *path)
{
	struct settings settings;
	struct err err;
	int failed = settings_load(&settings, path, &err);

	if (failed < 0)
		return fail(&err);
	failed = status_print(settings.runtime_folder, stdout, &err);
	settings_done(&settings);
	return failed < 0 ? fail(&err) : EXIT_DONE;
}

static int probe(int count, char **words)
{
	struct probe_order order = {.config = DEFAULT_CONFIG};
	struct err err;
	int failed;

	if (count == 4 && strcmp(words[2], "--config") == 0)
		order.config = words[3];
	else if (count != 2)
		return fputs(usage, stderr) < 0 ? EXIT_FAILED : EXIT_USAGE;
	order.kind = words[0];
	order.target = words[1];
	failed = probe_once(&order, stdout, &err);
	if (failed == -ETIMEDOUT)
		return EXIT_FAILED;
	return failed < 0 ? fail(&err) : EXIT_DONE;
}

static int print_config(void)
{
	struct settings settings;
	struct err err;

	if (settings_default(&settings, &err) < 0)
		return fail(&err);
	settings_print(&settings, stdout);
	settings_done(&settings);
	return EXIT_DONE;
}

static const struct command { /* those that take a configuration */
	const char *name;
	int (*run)(const char *path);
} commands[] = {{"run", run}, {"check", check}, {"status", status}};

static int with_config(const struct command *command, int count, char **words)
{
	if (count == 0)
		return command->run(DEFAULT_CONFIG);
	if (count == 2 && strcmp(words[0], "--config") == 0)
		return command->run(words[1]);
	if (count == 1 && strncmp(words[0], "--config=", 9) == 0)
		return command->run(words[0] + 9);
	if (count == 1 && strcmp(words[0], "--help") == 0)
		return fputs(usage, stdout) < 0 ? EXIT_FAILED : EXIT_DONE;
	fputs(usage, stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(word, commands[i].name) == 0)
			return with_config(&commands[i], argc - 2, argv + 2);
	if (strcmp(word, "probe") == 0)
		return probe(argc - 2, argv + 2);
	if (strcmp(word, "--print-config") == 0 && argc == 2)
		return print_config();
	if (strcmp(word, "--version") == 0 && argc == 2)
		return printf("pantau-agent %s\n", PANTAU_VERSION) < 0 ? EXIT_FAILED : EXIT_DONE;
	if (strcmp(word, "--help") == 0)
		return fputs(usage, stdout) < 0 ? EXIT_FAILED : EXIT_DONE;
	fputs(usage, stderr);
	return EXIT_USAGE;
}
