/* SPDX-License-Identifier: Apache-2.0 */
/* pantau close: a month becomes a document that no longer changes; and the archive of those. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/closing.h"
#include "collector/closing/gather.h"
#include "collector/closing/keys.h"
#include "collector/closing/stale.h"
#include "common/crypto.h"
#include "common/file.h"

static const struct opt options[] = {
	{"month", OPT_TEXT, 0, "YYYY-MM", "the month, in each link's own zone"},
	{"by", OPT_TEXT, 0, "NAME", "the officer who closes it (default: who types this)"},
	{"grace", OPT_NUMBER, 0, "DAYS",
		"days after the month's local end in which late records are waited for (default 7)",
		NULL, 0, CLOSING_GRACE_DAYS_MAX},
	{"wait", OPT_NUMBER, 0, "SECONDS", "how long to wait for the ledger (default 600)", NULL, 1,
		86400},
	{"o", OPT_TEXT, 0, "FILE", "write the document there"},
	{"print", OPT_FLAG, 0, NULL, "print a closed month as it was issued, byte for byte"},
	{"revision", OPT_NUMBER, 0, "N", "which one: 0 is the first (default: the latest)", NULL, 0,
		INT32_MAX},
	{"file", OPT_TEXT, 0, "NAME", "print a file that was issued beside it, such as sla.csv"},
	{"notes", OPT_FLAG, 0, NULL, "print what came after the last date, and was only noted"},
	{"list", OPT_FLAG, 0, NULL, "list the closed months"},
	{"key", OPT_FLAG, 0, NULL, "print the public key, for who verifies"},
	{NULL},
};

/* ---- printing what was issued */

static int write_bytes(struct cmd *cmd, const struct buf *bytes)
{
	const char *path = opts_text(cmd->opts, "o", "-");
	size_t length = buf_length(bytes);

	if (strcmp(path, "-") != 0)
		return file_replace(path, buf_peek(bytes), length, 0644, &cmd->err);
	if (fwrite(buf_peek(bytes), 1, length, stdout) != length || fflush(stdout))
		return err_errno(&cmd->err, -errno, "standard output");
	return 0;
}

static int find_closed(struct cmd *cmd, struct ledger_db *ledger, struct closed_month *ret_closed)
{
	const char *month = opts_text(cmd->opts, "month", "");
	int64_t revision = opts_number(cmd->opts, "revision", CLOSED_LATEST);
	int rc = ledger ? closed_month_find(ledger, month, revision, ret_closed, &cmd->err)
			: -ENOENT;

	if (rc == -ENOENT && revision != CLOSED_LATEST)
		err_set(&cmd->err, rc, "%s was not closed, or has no revision %" PRId64, month,
			revision);
	else if (rc == -ENOENT)
		err_set(&cmd->err, rc, "%s was not closed", month);
	return rc;
}

static int read_issued(struct cmd *cmd, struct ledger_db *ledger, const struct closed_month *closed,
	struct buf *out)
{
	const char *file = opts_text(cmd->opts, "file", NULL);
	int rc = file ? closed_month_file(ledger, closed, file, out, &cmd->err)
		      : closed_month_read(ledger, closed->month, closed->revision, out, &cmd->err);

	if (rc == -ENOENT)
		err_set(&cmd->err, rc, "no file %.60s was issued with %s", file ? file : "",
			closed->month);
	return rc;
}

static enum cmd_exit print_issued(struct cmd *cmd, struct closing_books *books)
{
	struct closed_month closed;
	struct buf bytes;
	int rc = find_closed(cmd, books->ledger, &closed);

	if (rc)
		return CMD_FAILED;
	buf_init(&bytes, SIZE_MAX);
	rc = read_issued(cmd, books->ledger, &closed, &bytes);
	if (!rc)
		rc = write_bytes(cmd, &bytes);
	buf_done(&bytes);
	return cmd_result(rc);
}

static int print_note(void *arg, const struct closed_note *note)
{
	char noted[CIVIL_TIME_BYTES];

	civil_format(note->noted_s, noted);
	printf("%s noted %s\n%s\n", note->month, noted, note->words);
	return 0;
}

static enum cmd_exit print_notes(struct cmd *cmd, struct closing_books *books)
{
	const char *month = opts_text(cmd->opts, "month", NULL);

	if (!books->ledger)
		return CMD_OK;
	return cmd_result(closed_notes(books->ledger, month, print_note, NULL, &cmd->err));
}

/* ---- the list */

static const struct table_column columns[] = {
	{"month", "Bulan"},
	{"revision", "Revisi", TABLE_NUMBER},
	{"name", "Nama"},
	{"number", "Nomor", TABLE_NUMBER},
	{"closed", "Ditutup"},
	{"by", "Oleh"},
	{"bytes", "Byte", TABLE_NUMBER},
	{"sha256", "SHA-256"},
	{"stale", "Sejak itu"},
	{NULL},
};

struct listed {
	struct table *table;
	const struct stale_month *stale; /* of the present month */
	struct closing_books *books;
	struct cmd *cmd;
};

/* Says of the latest revision what happened since. */
static void put_stale(struct table *table, const struct stale_month *stale)
{
	char words[96] = "", since[CIVIL_TIME_BYTES];
	int at = 0;

	if (stale->records_since_s) {
		civil_format(stale->records_since_s, since);
		at = snprintf(words, sizeof(words), "late records since %s", since);
	}
	if (stale->changes)
		snprintf(words + at, sizeof(words) - (size_t)at, "%schanges entered: %" PRId64,
			at ? "; " : "", stale->changes);
	table_text(table, words);
}

static int put_closed(void *arg, const struct closed_month *closed)
{
	const struct listed *listed = arg;
	char name[REVISION_NAME_BYTES];

	revision_name(closed->revision, name);
	table_text(listed->table, closed->month);
	table_number(listed->table, closed->revision);
	table_text(listed->table, name);
	table_number(listed->table, closed->number);
	cmd_put_time(listed->table, closed->closed_s);
	table_text(listed->table, closed->by);
	table_number(listed->table, closed->bytes);
	table_text(listed->table, closed->hash);
	if (closed->revision == listed->stale->closed.revision)
		put_stale(listed->table, listed->stale);
	else
		table_empty(listed->table);
	return 0;
}

static int put_month(void *arg, const struct stale_month *stale)
{
	struct listed *listed = arg;

	listed->stale = stale;
	return closed_months(
		listed->books->ledger, stale->closed.month, put_closed, listed, &listed->cmd->err);
}

static enum cmd_exit list(struct cmd *cmd, struct closing_books *books)
{
	struct listed listed = {.table = table_new(columns), .books = books, .cmd = cmd};
	int rc = 0;

	if (!listed.table)
		rc = err_set(&cmd->err, -ENOMEM, "out of memory");
	else if (books->ledger)
		rc = stale_months(books->registry, books->ledger, put_month, &listed, &cmd->err);
	if (!rc)
		return cmd_print_table(cmd, listed.table);
	table_free(listed.table);
	return CMD_FAILED;
}

/* ---- the key */

static enum cmd_exit print_key(struct cmd *cmd)
{
	uint8_t public[CRYPTO_PUBLIC_BYTES];
	char path[PATH_MAX], text[2 * CRYPTO_PUBLIC_BYTES + 1];
	int rc = file_join(path, sizeof(path), cmd->state, CLOSING_PUBLIC_FILE);

	if (rc)
		err_set(&cmd->err, rc, "%.64s...: the path is too long", cmd->state);
	else
		rc = closing_public_read(path, public, &cmd->err);
	if (rc)
		return CMD_FAILED;
	hex_format(public, sizeof(public), text);
	printf("%s\n", text);
	return CMD_OK;
}

/* ---- the verb */

static enum cmd_exit close_month(struct cmd *cmd, struct closing_books *books)
{
	enum cmd_exit status = closing_close(cmd, books);

	if (status != CMD_OK || !opts_has(cmd->opts, "o"))
		return status;
	closing_books_close(books);
	if (closing_books_open(cmd, REGISTRY_READ, books))
		return CMD_FAILED;
	return print_issued(cmd, books);
}

static enum cmd_exit with_books(struct cmd *cmd, enum registry_mode mode,
	enum cmd_exit (*run)(struct cmd *cmd, struct closing_books *books))
{
	struct closing_books books;
	enum cmd_exit status;

	if (closing_books_open(cmd, mode, &books))
		return CMD_FAILED;
	status = run(cmd, &books);
	closing_books_close(&books);
	return status;
}

static enum cmd_exit check_month(struct cmd *cmd)
{
	const char *month = opts_text(cmd->opts, "month", NULL);
	struct span span;

	if (!month)
		return cmd_usage(cmd, "--month YYYY-MM is missing");
	if (closing_span(month, &span, &cmd->err)) {
		err_prefix(&cmd->err, "--month");
		return CMD_USAGE;
	}
	return CMD_OK;
}

static enum cmd_exit run(struct cmd *cmd)
{
	static const char *const modes[] = {"print", "list", "notes", "key"};
	bool print = opts_has(cmd->opts, "print") || opts_has(cmd->opts, "file");
	int given = 0;

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		given += opts_has(cmd->opts, modes[i]);
	if (given > 1)
		return cmd_usage(cmd, "give one of --print, --list, --notes and --key");
	if (opts_has(cmd->opts, "key"))
		return print_key(cmd);
	if (opts_has(cmd->opts, "list"))
		return with_books(cmd, REGISTRY_READ, list);
	if (opts_has(cmd->opts, "notes"))
		return with_books(cmd, REGISTRY_READ, print_notes);
	if (check_month(cmd) != CMD_OK)
		return CMD_USAGE;
	if (print)
		return with_books(cmd, REGISTRY_READ, print_issued);
	if (opts_has(cmd->opts, "revision"))
		return cmd_usage(cmd, "--revision goes with --print");
	return with_books(cmd, REGISTRY_WRITE, close_month);
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "Close a month: a signed document that no longer changes",
		.help = "Enters the wish, which the ledger executes, and waits for it. Closed "
			"again, a month that comes\nout differently becomes \"Revisi ke-1\", with "
			"a list of what changed, and so do the closed months\nafter it; otherwise "
			"nothing is issued. Afterwards `pantau sla` prints what was issued. "
			"What a\ndocument holds: docs/CLOSED-MONTH.md; `pantau verify` checks one.",
		.options = options,
		.prints_table = true,
	},
	{NULL},
};

const struct cmd_command cmd_close = {
	"close", "Close a month: a signed document that no longer changes", verbs};
