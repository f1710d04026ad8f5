/* SPDX-License-Identifier: Apache-2.0 */
/* pantau verify: is a closed month what it says? Needs nothing but the file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "collector/closing/keys.h"
#include "collector/closing/verify.h"
#include "common/file.h"

#define FAULTS_SHOWN 20

static const struct opt options[] = {
	{"key", OPT_TEXT, 0, "PUBKEY",
		"who must have signed it: a file with the public key, or its 64 digits"},
	{"previous", OPT_TEXT, 0, "FILE",
		"the document before it: of the month before, the revision before, or issued "
		"before"},
	{NULL},
};

struct shown {
	const char *path;
	int count;
};

static void show(void *arg, unsigned line, const char *words)
{
	struct shown *shown = arg;

	if (shown->count++ >= FAULTS_SHOWN)
		return;
	if (line)
		fprintf(stderr, "%s:%u: %s\n", shown->path, line, words);
	else
		fprintf(stderr, "%s: %s\n", shown->path, words);
}

static int read_key(struct cmd *cmd, uint8_t public[CRYPTO_PUBLIC_BYTES])
{
	const char *key = opts_text(cmd->opts, "key", "");
	int rc = hex_parse(key, public, CRYPTO_PUBLIC_BYTES);

	if (rc)
		rc = closing_public_read(key, public, &cmd->err);
	return rc ? err_prefix(&cmd->err, "--key") : 0;
}

static void print_sound(const struct verify_wish *wish, const struct verify_found *found)
{
	printf("%s: %s, closed %s by %s, %zu rows", found->month, found->name, found->closed,
		found->by, found->rows);
	if (found->changes)
		printf(", %zu changes", found->changes);
	printf("\nsha256 %s\n", found->hash);
	if (wish->public)
		printf("signed with the key that you gave\n");
	else
		printf("signed with the key %s: whose that is, --key can check\n", found->public);
	if (found->follows)
		printf("follows the document that you gave: %s\n", found->follows);
	printf("sound: hash, signature, sums, verdicts and restitution hold\n");
}

static enum cmd_exit verify(struct cmd *cmd, const struct verify_wish *wish)
{
	struct shown shown = {cmd->opts->operands[0], 0};
	const struct verify_faults faults = {show, &shown};
	struct verify_found found;
	int count = closing_verify(wish, &faults, &found);

	if (count < 0) {
		err_errno(&cmd->err, count, "%.200s", shown.path);
		return CMD_FAILED;
	}
	if (count > FAULTS_SHOWN)
		fprintf(stderr, "%s: and %d faults more\n", shown.path, count - FAULTS_SHOWN);
	if (count) {
		err_set(&cmd->err, -EBADMSG, "%.200s is NOT sound: %d fault%s", shown.path, count,
			count == 1 ? "" : "s");
		return CMD_FAILED;
	}
	print_sound(wish, &found);
	return CMD_OK;
}

static enum cmd_exit verify_file(struct cmd *cmd, struct verify_wish *wish)
{
	const char *previous = opts_text(cmd->opts, "previous", NULL);
	const char *path = cmd->opts->operands[0];
	uint8_t *bytes = NULL, *before = NULL;
	enum cmd_exit status = CMD_FAILED;
	int rc = file_read(strcmp(path, "-") ? path : "/dev/stdin", DOCUMENT_MAX, &bytes,
		&wish->length, &cmd->err);

	if (!rc && previous)
		rc = file_read(previous, DOCUMENT_MAX, &before, &wish->previous_length, &cmd->err);
	wish->bytes = bytes;
	wish->previous = before;
	if (!rc)
		status = verify(cmd, wish);
	free(before);
	free(bytes);
	return status;
}

static enum cmd_exit run(struct cmd *cmd)
{
	uint8_t public[CRYPTO_PUBLIC_BYTES];
	struct verify_wish wish = {0};

	if (!cmd->opts->operand_count)
		return cmd_usage(cmd, "which FILE? \"pantau close --month M --print\" writes one");
	if (opts_has(cmd->opts, "key")) {
		if (read_key(cmd, public))
			return CMD_FAILED;
		wish.public = public;
	}
	return verify_file(cmd, &wish);
}

static const struct cmd_verb verbs[] = {
	{
		.run = run,
		.summary = "Check a closed month: hash, signature, chain, sums, verdicts, rupiah",
		.help = "Needs no database and no server. Says what is wrong and in which line; "
			"exit status 0 when the\ndocument is sound, 1 when it is not. FILE - is "
			"standard input.",
		.options = options,
		.operands = "FILE",
		.operands_max = 1,
	},
	{NULL},
};

const struct cmd_command cmd_verify = {
	"verify", "Check a closed month without any database", verbs};
