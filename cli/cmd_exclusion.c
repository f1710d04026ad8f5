/* SPDX-License-Identifier: Apache-2.0 */
/* pantau exclusion: time that a person removes from the month, and why. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/scope.h"
#include "common/crypto.h"
#include "common/file.h"

#define DOCUMENT_MAX (64 * 1024 * 1024) /* a scanned letter takes a few MiB */

static const char *const reasons[] = {"maintenance", "force-majeure", "power", "customer", NULL};

static const struct opt add_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "one link, or", NULL, 1, INT64_MAX},
	{"desa", OPT_TEXT, 0, "KODE", "all links of a desa, or"},
	{"kecamatan", OPT_TEXT, 0, "KODE", "of a kecamatan, or"},
	{"kabupaten", OPT_TEXT, 0, "KODE", "of a kabupaten or kota, or"},
	{"provider", OPT_TEXT, 0, "NAME", "of a provider"},
	{"reason", OPT_CHOICE, OPT_REQUIRED, NULL, "what the time is excluded for", reasons},
	{"from", OPT_TEXT, OPT_REQUIRED, "TIME", "begin; a date is 00:00 of the links' zone"},
	{"to", OPT_TEXT, OPT_REQUIRED, "TIME", "end, exclusive"},
	{"by", OPT_TEXT, OPT_REQUIRED, "NAME", "the officer who decides"},
	{"note", OPT_TEXT, OPT_REQUIRED, "TEXT", "why, in a sentence"},
	{"second", OPT_TEXT, 0, "NAME", "a second officer, together with --document"},
	{"document", OPT_TEXT, 0, "FILE",
		"the document of the second officer; its SHA-256 is kept"},
	{NULL},
};

static const struct opt list_options[] = {
	{"link", OPT_NUMBER, 0, "ID", "only those that reach this link", NULL, 1, INT64_MAX},
	{NULL},
};

static const struct opt revoke_options[] = {
	{"exclusion", OPT_NUMBER, 0, "ID", "its number; or as a word alone", NULL, 1, INT64_MAX},
	{NULL},
};

static int read_name(struct cmd *cmd, const char *name, char *ret_text, size_t size)
{
	const char *text = opts_text(cmd->opts, name, "");

	if (strlen(text) >= size)
		return err_set(&cmd->err, -EINVAL, "--%s is longer than %zu bytes", name, size - 1);
	strcpy(ret_text, text);
	return 0;
}

static int read_names(struct cmd *cmd, struct registry_exclusion *exclusion)
{
	int rc = read_name(cmd, "by", exclusion->by, sizeof(exclusion->by));

	if (!rc)
		rc = read_name(cmd, "note", exclusion->note, sizeof(exclusion->note));
	if (!rc)
		rc = read_name(cmd, "second", exclusion->second, sizeof(exclusion->second));
	return rc;
}

static int hash_document(struct cmd *cmd, char ret_hex[REGISTRY_HEX_BYTES])
{
	const char *path = opts_text(cmd->opts, "document", NULL);
	uint8_t *bytes, hash[SHA256_BYTES];
	size_t length;
	int rc;

	if (!path)
		return 0;
	rc = file_read(path, DOCUMENT_MAX, &bytes, &length, &cmd->err);
	if (rc)
		return err_prefix(&cmd->err, "--document");
	rc = crypto_sha256(bytes, length, hash);
	free(bytes);
	if (rc)
		return err_set(&cmd->err, rc, "--document: cannot compute its SHA-256");
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", hash[i]);
	return 0;
}

static enum cmd_exit add(
	struct cmd *cmd, struct registry *registry, struct registry_exclusion *exclusion)
{
	int64_t id;

	if (scope_time(cmd, registry, exclusion, "from", &exclusion->from_s) ||
		scope_time(cmd, registry, exclusion, "to", &exclusion->to_s))
		return CMD_USAGE;
	if (hash_document(cmd, exclusion->document))
		return CMD_FAILED;
	if (registry_exclusion_add(registry, exclusion, &id, &cmd->err))
		return CMD_FAILED;
	printf("%" PRId64 "\n", id);
	return CMD_OK;
}

static enum cmd_exit run_add(struct cmd *cmd)
{
	struct registry_exclusion exclusion = {0};
	struct registry *registry;
	enum cmd_exit status;

	if (opts_has(cmd->opts, "second") != opts_has(cmd->opts, "document"))
		return cmd_usage(cmd, "--second and --document belong together");
	if (scope_read(cmd, &exclusion) || read_names(cmd, &exclusion))
		return CMD_USAGE;
	exclusion.reason = (enum exclusion_reason)exclusion_reason_parse(
		opts_text(cmd->opts, "reason", ""));
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	status = add(cmd, registry, &exclusion);
	registry_close(registry);
	return status;
}

static const struct table_column columns[] = {
	{"exclusion", "Nomor", TABLE_NUMBER},
	{"scope", "Untuk"},
	{"value", ""},
	{"reason", "Alasan"},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"entered", "Dicatat"},
	{"by", "Oleh"},
	{"second", "Pejabat kedua"},
	{"document", "Dokumen"},
	{"note", "Catatan"},
	{"revoked", "Dicabut"},
	{"revoked_by", "oleh"},
	{NULL},
};

static int put_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct table *table = arg;

	table_number(table, exclusion->id);
	table_text(table, exclusion_scope_name(exclusion->scope));
	table_text(table, exclusion->value);
	table_text(table, exclusion_reason_name(exclusion->reason));
	cmd_put_time(table, exclusion->from_s);
	cmd_put_time(table, exclusion->to_s);
	cmd_put_time(table, exclusion->entered_s);
	table_text(table, exclusion->by);
	table_text(table, exclusion->second);
	table_text(table, exclusion->document);
	table_text(table, exclusion->note);
	cmd_put_time(table, exclusion->revoked_s);
	table_text(table, exclusion->revoked_by);
	return 0;
}

static enum cmd_exit run_list(struct cmd *cmd)
{
	struct registry *registry;
	struct table *table;
	int rc;

	if (cmd_registry(cmd, REGISTRY_READ, &registry))
		return CMD_FAILED;
	table = table_new(columns);
	rc = table ? registry_exclusions(registry, opts_number(cmd->opts, "link", 0), put_exclusion,
			     table, &cmd->err)
		   : err_set(&cmd->err, -ENOMEM, "out of memory");
	registry_close(registry);
	if (!rc)
		return cmd_print_table(cmd, table);
	table_free(table);
	return CMD_FAILED;
}

static enum cmd_exit run_revoke(struct cmd *cmd)
{
	struct registry *registry;
	int64_t id;
	int rc;

	if (cmd_id(cmd, "exclusion", &id))
		return CMD_USAGE;
	if (cmd_registry(cmd, REGISTRY_WRITE, &registry))
		return CMD_FAILED;
	rc = registry_exclusion_revoke(registry, id, &cmd->err);
	registry_close(registry);
	return cmd_result(rc);
}

static const struct cmd_verb verbs[] = {
	{
		.name = "add",
		.run = run_add,
		.summary = "Enter an exclusion and print its number",
		.help = "Which seconds it removes depends on the reason: maintenance counts from "
			"its entry plus the\ncontract's notice; power removes only time without "
			"power; force-majeure and customer remove\ndowntime only with --second "
			"and --document. Prints the number alone, for scripts.",
		.options = add_options,
	},
	{
		.name = "list",
		.run = run_list,
		.summary = "List the exclusions, revoked ones too",
		.help = "Times are UTC.",
		.options = list_options,
		.prints_table = true,
	},
	{
		.name = "revoke",
		.run = run_revoke,
		.summary = "Revoke an exclusion",
		.help = "It no longer counts, and stays in the list.",
		.options = revoke_options,
		.operands = "[ID]",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_exclusion = {
	"exclusion", "Exclusions: maintenance, force majeure, power, customer", verbs};
