/* SPDX-License-Identifier: Apache-2.0 */
/* pantau, the operator's command line: finds the command, reads its options, runs it. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "collector/settings.h"

static const struct cmd_command *const commands[] = {
	&cmd_init,
	&cmd_region,
	&cmd_link,
	&cmd_contract,
	&cmd_exclusion,
	&cmd_agent,
	&cmd_token,
	&cmd_sla,
	&cmd_outages,
	&cmd_report,
	&cmd_close,
	&cmd_verify,
	&cmd_explain,
	&cmd_samples,
	&cmd_targets,
	&cmd_decide,
	&cmd_objection,
	&cmd_ticket,
	&cmd_claims,
	&cmd_user,
	&cmd_export,
	&cmd_points,
	&cmd_import,
	&cmd_server,
	&cmd_backup,
	&cmd_restore,
	&cmd_status,
	NULL,
};

static const struct opt common_options[] = {
	{"state", OPT_TEXT, 0, "DIR", "the state folder (default " SETTINGS_STATE ")"},
	{"config", OPT_TEXT, 0, "FILE", "the configuration (default " SETTINGS_FILE ")"},
	{"help", OPT_FLAG, 0, NULL, "this text"},
	{NULL},
};
static const struct opt table_options[] = {
	{"json", OPT_FLAG, 0, NULL, "JSON instead of a table"},
	{NULL},
};
static const struct opt no_options[] = {{NULL}};

#define TABLES_MAX 4 /* the verb's, --json, the common ones, and the end */

static void collect_tables(const struct cmd_verb *verb, const struct opt *tables[TABLES_MAX])
{
	tables[0] = verb->options ? verb->options : no_options;
	tables[1] = verb->prints_table ? table_options : no_options;
	tables[2] = common_options;
	tables[3] = NULL;
}

static void print_overview(FILE *out)
{
	fprintf(out, "usage: pantau COMMAND [OPTION]...\n\n");
	for (const struct cmd_command *const *command = commands; *command; command++)
		fprintf(out, "  %-12s %s\n", (*command)->name, (*command)->summary);
	fprintf(out,
		"\n\"pantau COMMAND --help\" tells more. Exit status: 0 done, 1 failed, "
		"2 wrong usage.\n");
}

static void print_verbs(const struct cmd_command *command, FILE *out)
{
	fprintf(out, "usage: pantau %s VERB [OPTION]...\n\n%s.\n\n", command->name,
		command->summary);
	for (const struct cmd_verb *verb = command->verbs; verb->run; verb++)
		fprintf(out, "  %-12s %s\n", verb->name, verb->summary);
	fprintf(out, "\n\"pantau %s VERB --help\" tells more.\n", command->name);
}

static void print_help(const struct cmd_command *command, const struct cmd_verb *verb)
{
	const struct opt *tables[TABLES_MAX];

	collect_tables(verb, tables);
	printf("usage: pantau %s%s%s%s%s", command->name, verb->name ? " " : "",
		verb->name ? verb->name : "", verb->operands ? " " : "",
		verb->operands ? verb->operands : "");
	opts_print_usage(tables, stdout);
	printf("\n%s.\n\n%s\n\n", verb->summary, verb->help);
	opts_print_help(tables, stdout);
}

static const struct cmd_command *find_command(const char *name)
{
	for (const struct cmd_command *const *command = commands; *command; command++) {
		if (!strcmp((*command)->name, name))
			return *command;
	}
	return NULL;
}

static const struct cmd_verb *find_verb(const struct cmd_command *command, const char *name)
{
	for (const struct cmd_verb *verb = command->verbs; verb->run; verb++) {
		if (!verb->name || (name && !strcmp(verb->name, name)))
			return verb;
	}
	return NULL;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

static void complain(
	const struct cmd_command *command, const struct cmd_verb *verb, const struct err *err)
{
	fprintf(stderr, "pantau %s%s%s: %s\n", command->name, verb->name ? " " : "",
		verb->name ? verb->name : "", err->text);
}

static enum cmd_exit run_verb(
	const struct cmd_command *command, const struct cmd_verb *verb, int argc, char **argv)
{
	const struct opt *tables[TABLES_MAX];
	struct opts opts;
	struct cmd cmd = {.opts = &opts};
	enum cmd_exit status = CMD_USAGE;

	collect_tables(verb, tables);
	if (opts_parse(tables, argc, argv, &opts, &cmd.err))
		goto done;
	if (opts_has(&opts, "help")) {
		print_help(command, verb);
		return CMD_OK;
	}
	if (opts_check(tables, &opts, &cmd.err))
		goto done;
	if (opts.operand_count > verb->operands_max) {
		cmd_usage(&cmd, "'%.60s' is one word too many; options begin with --",
			opts.operands[verb->operands_max]);
		goto done;
	}
	cmd.state = opts_text(&opts, "state", SETTINGS_STATE);
	cmd.config = opts_text(&opts, "config", NULL);
	cmd.json = opts_has(&opts, "json");
	status = verb->run(&cmd);
done:
	if (status != CMD_OK && cmd.err.text[0])
		complain(command, verb, &cmd.err);
	if (status == CMD_USAGE)
		fprintf(stderr, "Try \"pantau %s%s%s --help\".\n", command->name,
			verb->name ? " " : "", verb->name ? verb->name : "");
	return status;
}

/* "pantau --state DIR link list" is meant like "pantau link list --state DIR". */
static void move_leading_options(int argc, char **argv)
{
	int leading = 1;

	while (leading < argc &&
		(!strncmp(argv[leading], "--state", 7) || !strncmp(argv[leading], "--config", 8)))
		leading += strchr(argv[leading], '=') ? 1 : 2;
	for (int moved = 1; moved < leading && leading < argc; moved++) {
		char *word = argv[1];

		memmove(&argv[1], &argv[2], (size_t)(argc - 2) * sizeof(*argv));
		argv[argc - 1] = word;
	}
}

static enum cmd_exit run_command(const struct cmd_command *command, int argc, char **argv)
{
	const char *name = argc ? argv[0] : NULL;
	const struct cmd_verb *verb = find_verb(command, name);
	bool help = name && is_help(name);

	if (verb)
		return run_verb(
			command, verb, argc - (verb->name != NULL), argv + (verb->name != NULL));
	if (name && !help)
		fprintf(stderr, "pantau %s: no verb '%s'\n\n", command->name, name);
	print_verbs(command, help ? stdout : stderr);
	return help ? CMD_OK : CMD_USAGE;
}

int main(int argc, char **argv)
{
	const struct cmd_command *command;

	move_leading_options(argc, argv);
	if (argc < 2) {
		print_overview(stderr);
		return CMD_USAGE;
	}
	if (is_help(argv[1])) {
		print_overview(stdout);
		return CMD_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("pantau %s\n", PANTAU_VERSION);
		return CMD_OK;
	}
	command = find_command(argv[1]);
	if (command)
		return run_command(command, argc - 2, argv + 2);
	fprintf(stderr, "pantau: no command '%s'\n\n", argv[1]);
	print_overview(stderr);
	return CMD_USAGE;
}
