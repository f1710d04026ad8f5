/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every command is made of. A command is one file cli/cmd_*.c with a const table of its verbs;
 * main.c lists the tables. A verb opens what it needs, does one thing and closes it again.
 */
#ifndef PANTAU_CLI_CMD_H
#define PANTAU_CLI_CMD_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/opts.h"
#include "collector/report/table.h"
#include "collector/store/registry.h"
#include "common/err.h"

enum cmd_exit { CMD_OK, CMD_FAILED, CMD_USAGE }; /* the exit status of the program */

struct cmd { /* one call of one verb */
	const char *state; /* the state folder */
	const char *config; /* NULL: the default file */
	bool json;
	const struct opts *opts;
	struct err err; /* set whenever run() returns other than CMD_OK */
};

struct cmd_verb {
	const char *name; /* NULL in a command that has but one */
	enum cmd_exit (*run)(struct cmd *cmd);
	const char *summary; /* one line of the overview */
	const char *help; /* a paragraph: what it does, what it prints */
	const struct opt *options; /* NULL: none of its own */
	const char *operands; /* "FILE..."; NULL: takes none */
	size_t operands_max;
	bool prints_table; /* knows --json */
};

struct cmd_command {
	const char *name;
	const char *summary;
	const struct cmd_verb *verbs; /* ends with run NULL */
};

extern const struct cmd_command cmd_init, cmd_region, cmd_link, cmd_contract, cmd_exclusion,
	cmd_agent, cmd_export, cmd_import, cmd_sla, cmd_close, cmd_verify, cmd_outages, cmd_explain,
	cmd_samples, cmd_targets, cmd_report, cmd_decide, cmd_objection, cmd_ticket, cmd_claims,
	cmd_status, cmd_server, cmd_backup, cmd_restore, cmd_token, cmd_user;

/* For `return cmd_usage(cmd, ...)`: sets the words, returns CMD_USAGE. */
enum cmd_exit cmd_usage(struct cmd *cmd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The verb's result for a return of the store: 0 is CMD_OK. */
enum cmd_exit cmd_result(int rc);

extern const struct cmd_command cmd_points;

/* Who signs: the person behind sudo, else the account. Borrowed. */
const char *cmd_person(void);

/* Opens the registry, signed by the person who types. */
int cmd_registry(struct cmd *cmd, enum registry_mode mode, struct registry **ret_registry);

/* "--NAME ID" or the only operand. 0 or -EINVAL with words. */
int cmd_id(struct cmd *cmd, const char *name, int64_t *ret_id);

/* --NAME as UTC seconds; a time without a zone is meant in the one given. An option that is absent
 * leaves *ret untouched. 0 or -EINVAL with words. */
int cmd_time(struct cmd *cmd, const char *name, int32_t offset_s, int64_t *ret_utc_s);

/* On standard output. 0 or a negative errno with words. */
int cmd_write(struct cmd *cmd, const struct buf *bytes);

enum cmd_format { CMD_TEXT, CMD_CSV, CMD_JSON };
/* Prints the table on standard output, and frees it. `below` stands under the text alone. */
enum cmd_exit cmd_print(
	struct cmd *cmd, struct table *table, enum cmd_format format, const char *below);
/* The same as text, or as JSON when --json was given. */
enum cmd_exit cmd_print_table(struct cmd *cmd, struct table *table);

/* What a verb lists: the registry is open for reading while rows are put into the table. */
struct cmd_list {
	struct cmd *cmd;
	struct registry *registry;
	struct table *table;
};
/* Prints the table that `fill` filled: 0, or a negative errno with words in list->cmd->err. */
enum cmd_exit cmd_print_list(
	struct cmd *cmd, const struct table_column *columns, int (*fill)(struct cmd_list *list));

/* A time for lists: UTC as in the CSV files; SPAN_FOREVER and 0 are the empty cell. */
void cmd_put_time(struct table *table, int64_t utc_s);
/* The same in the zone, with its name, where the table is for people; 0: no zone is known. */
void cmd_put_time_in(struct cmd *cmd, struct table *table, int64_t utc_s, int32_t offset_s);
/* A scaled number as a decimal: 995000 with 4 decimals is 99.5. */
void cmd_put_decimal(struct table *table, int64_t value, unsigned decimals);

#endif
