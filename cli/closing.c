/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/closing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ledger_word.h"
#include "cli/listing.h"
#include "collector/explain/inbox.h"
#include "common/clock.h"

#define POLL_US 100000
#define ASK_EVERY_US 2000000 /* whether the ledger still runs */
#define PATIENCE_US 5000000 /* then the person hears that it takes a while */
#define WAIT_S 600

int closing_books_open(struct cmd *cmd, enum registry_mode mode, struct closing_books *ret_books)
{
	struct closing_books books = {0};
	int rc = cmd_registry(cmd, mode, &books.registry);

	if (!rc)
		rc = listing_ledger(cmd, &books.ledger);
	if (rc) {
		closing_books_close(&books);
		return rc;
	}
	*ret_books = books;
	return 0;
}

void closing_books_close(struct closing_books *books)
{
	ledger_db_close(books->ledger);
	registry_close(books->registry);
	*books = (struct closing_books){0};
}

/* ---- waiting */

static int print_result(void *arg, const struct closed_result *result)
{
	struct cmd *cmd = arg;
	size_t length = strlen(result->words);

	if (!result->failed) {
		fputs(result->words, stdout);
		return 0;
	}
	/* one line, said like every other error */
	while (length && result->words[length - 1] == '\n')
		length--;
	return err_set(&cmd->err, -EIO, "%.*s", (int)length, result->words);
}

/* 1: there is a result, and it was printed; 0: not yet. */
static int look(struct cmd *cmd, struct closing_books *books, const struct registry_closing *wish)
{
	int rc = books->ledger ? 0 : listing_ledger(cmd, &books->ledger);

	if (rc || !books->ledger)
		return rc;
	return closed_result_get(books->ledger, wish, print_result, cmd, &cmd->err);
}

static enum cmd_exit gave_up(struct cmd *cmd, const struct registry_closing *wish, const char *why)
{
	err_set(&cmd->err, -EINPROGRESS,
		"%s; the wish is entered (number %" PRId64
		") and will be executed: \"pantau close --list\" shows what came of it",
		why, wish->id);
	return CMD_FAILED;
}

static enum cmd_exit await(
	struct cmd *cmd, struct closing_books *books, const struct registry_closing *wish)
{
	uint64_t began_us = clock_boot_us(), asked_us = began_us, now_us = began_us;
	uint64_t wait_us = (uint64_t)opts_number(cmd->opts, "wait", WAIT_S) * 1000000;
	struct ledger_word word = {.runs = true};
	bool told = false;

	for (; now_us - began_us < wait_us; now_us = clock_boot_us()) {
		int rc = look(cmd, books, wish);

		if (rc)
			return rc < 0 ? CMD_FAILED : CMD_OK;
		if (now_us - asked_us > ASK_EVERY_US) {
			asked_us = now_us;
			word = ledger_ask(cmd->state, NULL);
			if (!word.runs && look(cmd, books, wish) == 0)
				return gave_up(cmd, wish, "the ledger ended");
		}
		if (!told && now_us - began_us > PATIENCE_US) {
			told = true;
			fprintf(stderr, "waiting for the ledger: %s ...\n",
				word.fault[0] ? word.fault
					      : "it first takes what waits in its journal");
		}
		usleep(POLL_US);
	}
	return gave_up(cmd, wish, "the ledger takes longer than --wait");
}

/* ---- the wish */

static int read_wish(struct cmd *cmd, struct closing_books *books, struct registry_closing *wish)
{
	const char *by = opts_text(cmd->opts, "by", cmd_person());

	if (strlen(by) >= sizeof(wish->by))
		return err_set(
			&cmd->err, -EINVAL, "--by is longer than %zu bytes", sizeof(wish->by) - 1);
	strcpy(wish->by, by);
	snprintf(wish->month, sizeof(wish->month), "%s", opts_text(cmd->opts, "month", ""));
	wish->grace_days = opts_number(cmd->opts, "grace", CLOSING_GRACE_DAYS);
	return registry_closing_check(books->registry, wish, &cmd->err);
}

/* What nobody has decided yet closes as it is: said once more. */
static void say_open(struct cmd *cmd, struct closing_books *books, const char *month)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct sla_query query = {.month = month};
	struct inbox inbox;
	struct span span;
	size_t open = 0;

	if (closing_span(month, &span, NULL) < 0)
		return;
	query.as_of_s = span.to;
	if (inbox_gather(&source, &query, &inbox, NULL) < 0)
		return;
	while (open < inbox.count && !inbox.items[open].dismissal)
		open++;
	if (open)
		printf("%s: %zu items wait for a decision, and it closed with them as they are: "
		       "pantau decide list --month %s\n",
			month, open, month);
	inbox_done(&inbox);
}

enum cmd_exit closing_close(struct cmd *cmd, struct closing_books *books)
{
	struct registry_closing wish = {0};
	struct err why = {0};
	int rc = read_wish(cmd, books, &wish);

	if (!rc && !ledger_ask(cmd->state, &why).runs)
		rc = err_set(&cmd->err, -ECONNREFUSED,
			"the ledger does not run (%.160s), and it is the one that closes a month: "
			"start it and try again; nothing was entered",
			why.text);
	if (!rc)
		rc = registry_closing_add(books->registry, &wish, &wish, &cmd->err);
	if (rc || await(cmd, books, &wish) != CMD_OK)
		return CMD_FAILED;
	say_open(cmd, books, wish.month);
	return CMD_OK;
}
