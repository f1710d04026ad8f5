/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/certificate.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"

#define LABEL_WIDTH 14 /* columns: the longest label of either language */
#define LINE_BYTES 200

void certificate_keep(struct certificate *certificate, const char *key, const char *value)
{
	struct observation *items = certificate->items;
	struct observation_item *item = &items->items[items->item_count];

	if (!*value || items->item_count == OBSERVATION_ITEMS_MAX)
		return;
	items->item_count++;
	memset(item, 0, sizeof(*item));
	snprintf(item->key, sizeof(item->key), "%s", key);
	snprintf(item->value, sizeof(item->value), "%s", value);
	for (char *at = item->value; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

void certificate_keep_number(struct certificate *certificate, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	certificate_keep(certificate, key, text);
}

void certificate_show(struct certificate *certificate, const char *label, const char *value)
{
	if (!*value)
		return;
	fprintf(certificate->out, "%-*s: %s\n", LABEL_WIDTH, label, value);
	fflush(certificate->out);
}

void certificate_say(struct certificate *certificate, const char *label, enum word text,
	const char *const values[4])
{
	char line[LINE_BYTES];

	certificate_show(certificate, label,
		words_fill(line, sizeof(line), words_text(certificate->language, text), values));
}

static int write_items(const struct observation *items, const char *path)
{
	int status = 0;
	FILE *file;

	unlink(path);
	file = fopen(path, "wxe"); /* the folder is the agent's, and we may be root: no link */
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
	char path[PATH_MAX], hidden_name[64], hidden[PATH_MAX] = "";
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
