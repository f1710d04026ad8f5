/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/settings/remote_files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"

#define KEPT "remote.conf"
#define TRIAL "remote.trial"
#define REFUSED "remote.refused"
#define HEAD_MAX 64 /* the line before the text */
#define FILE_MODE 0640

static int path_of(char path[PATH_MAX], const char *folder, const char *name, struct err *err)
{
	int r = file_join(path, PATH_MAX, folder, name);

	return r < 0 ? err_errno(err, r, "%.64s...", folder) : 0;
}

/* The file's bytes with a 0 behind them; NULL. The caller frees. */
static char *read_file(const char *folder, const char *name, size_t limit)
{
	char path[PATH_MAX], *text = NULL;
	uint8_t *bytes = NULL;
	size_t length;

	if (path_of(path, folder, name, NULL) < 0 ||
		file_read(path, limit, &bytes, &length, NULL) < 0)
		return NULL;
	if (!memchr(bytes, 0, length))
		text = strndup((const char *)bytes, length);
	free(bytes);
	return text;
}

static void read_text(const char *folder, const char *name, struct remote_text *ret_text)
{
	char *file = read_file(folder, name, HEAD_MAX + CONFIGURATION_MAX);
	const char *text = file ? strchr(file, '\n') : NULL;
	struct remote_text found = {.version = 0};

	ret_text->version = 0;
	if (text && strlen(text + 1) <= CONFIGURATION_MAX &&
		sscanf(file, "# version %u start %u", &found.version, &found.starts) >= 1) {
		found.length = strlen(text + 1);
		memcpy(found.bytes, text + 1, found.length + 1);
		*ret_text = found;
	}
	free(file);
}

void remote_files_kept(const char *folder, struct remote_text *ret_text)
{
	read_text(folder, KEPT, ret_text);
}

void remote_files_trial(const char *folder, struct remote_text *ret_text)
{
	read_text(folder, TRIAL, ret_text);
}

void remote_files_refused(
	const char *folder, uint32_t *ret_version, char ret_why[CONFIGURATION_TROUBLE_MAX + 1])
{
	char *file = read_file(folder, REFUSED, HEAD_MAX + CONFIGURATION_TROUBLE_MAX);
	uint32_t version;
	int words = 0;

	*ret_version = 0;
	ret_why[0] = '\0';
	if (file && sscanf(file, "%u %n", &version, &words) == 1 && words > 0) {
		*ret_version = version;
		snprintf(ret_why, CONFIGURATION_TROUBLE_MAX + 1, "%s", file + words);
	}
	free(file);
}

/* ---- writing */

static int write_text(
	const char *folder, const char *name, const struct remote_text *text, struct err *err)
{
	char path[PATH_MAX], whole[HEAD_MAX + CONFIGURATION_MAX + 1];
	int r = path_of(path, folder, name, err);
	int length = snprintf(whole, sizeof(whole), "# version %u start %u\n%s", text->version,
		text->starts, text->bytes);

	return r < 0 ? r : file_replace(path, whole, (size_t)length, FILE_MODE, err);
}

int remote_files_try(const char *folder, const struct remote_text *text, struct err *err)
{
	return write_text(folder, TRIAL, text, err);
}

int remote_files_keep(const char *folder, const struct remote_text *text, struct err *err)
{
	return write_text(folder, KEPT, text, err);
}

/* Not synced: if the power takes it back, the trial is begun again. */
int remote_files_settle(const char *folder, struct err *err)
{
	char from[PATH_MAX], to[PATH_MAX];
	int r = path_of(from, folder, TRIAL, err);

	if (r == 0)
		r = path_of(to, folder, KEPT, err);
	if (r == 0 && rename(from, to) < 0)
		r = err_errno(err, -errno, "%s", to);
	return r;
}

static void forget(const char *folder, const char *name)
{
	char path[PATH_MAX];

	if (path_of(path, folder, name, NULL) == 0)
		unlink(path);
}

void remote_files_forget_trial(const char *folder)
{
	forget(folder, TRIAL);
}

void remote_files_acquit(const char *folder)
{
	forget(folder, REFUSED);
}

int remote_files_give_up(const char *folder, uint32_t version, const char *why, struct err *err)
{
	char path[PATH_MAX], words[HEAD_MAX + CONFIGURATION_TROUBLE_MAX];
	int length = snprintf(
		words, sizeof(words), "%u %.*s", version, CONFIGURATION_TROUBLE_MAX, why);
	int r = path_of(path, folder, REFUSED, err);

	if (r == 0)
		r = file_replace(path, words, (size_t)length, FILE_MODE, err);
	remote_files_forget_trial(folder);
	return r;
}
