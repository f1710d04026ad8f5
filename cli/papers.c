/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/papers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/file.h"

#define DOCUMENT_MAX (64 * 1024 * 1024) /* a scanned letter takes a few MiB */

int papers_text(struct cmd *cmd, const char *name, char *ret_text, size_t size)
{
	const char *text = opts_text(cmd->opts, name, "");

	if (strlen(text) >= size)
		return err_set(&cmd->err, -EINVAL, "--%s is longer than %zu bytes", name, size - 1);
	strcpy(ret_text, text);
	return 0;
}

int papers_document(struct cmd *cmd, char ret_hex[REGISTRY_HEX_BYTES])
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

struct registry_word papers_word(const struct cmd *cmd)
{
	return (struct registry_word){
		opts_text(cmd->opts, "by", NULL), opts_text(cmd->opts, "note", NULL)};
}
