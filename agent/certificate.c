/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/certificate.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"

#define LABEL_WIDTH 14 /* columns: the longest label of either language */

static void keep(struct observation *items, const char *key, const char *value)
{
	struct observation_item *item = &items->items[items->item_count];

	if (items->item_count == OBSERVATION_ITEMS_MAX)
		return;
	items->item_count++;
	memset(item, 0, sizeof(*item));
	snprintf(item->key, sizeof(item->key), "%s", key);
	snprintf(item->value, sizeof(item->value), "%s", value);
	for (char *at = item->value; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

void certificate_add_as(
	struct certificate *certificate, const char *key, const char *label, const char *value)
{
	if (!*value)
		return;
	fprintf(certificate->out, "%-*s: %s\n", LABEL_WIDTH, label, value);
	fflush(certificate->out);
	keep(certificate->items, key, value);
}

void certificate_add(
	struct certificate *certificate, const char *key, enum word label, const char *value)
{
	certificate_add_as(certificate, key, words_text(certificate->language, label), value);
}

static int write_items(const struct observation *items, const char *path)
{
	FILE *file = fopen(path, "we");
	int status = 0;

	if (!file)
		return -errno;
	for (size_t i = 0; i < items->item_count; i++)
		fprintf(file, "%s=%s\n", items->items[i].key, items->items[i].value);
	if (ferror(file))
		status = -EIO;
	return fclose(file) == 0 ? status : -errno;
}

int certificate_hand_over(const struct certificate *certificate, const char *folder,
	const char *name, struct err *err)
{
	char path[PATH_MAX], hidden_name[64], hidden[PATH_MAX];
	int status;

	snprintf(hidden_name, sizeof(hidden_name), ".%s", name);
	status = file_join(path, sizeof(path), folder, name);
	if (status == 0)
		status = file_join(hidden, sizeof(hidden), folder, hidden_name);
	if (status == 0)
		status = write_items(certificate->items, hidden);
	if (status == 0 && rename(hidden, path) < 0)
		status = -errno;
	if (status < 0) {
		unlink(hidden);
		return err_errno(err, status, "%s", path);
	}
	return 0;
}
