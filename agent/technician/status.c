/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/status.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/technician/status_fields.h"
#include "common/file.h"
#include "common/json.h"

#define FILE_BYTES_MAX 8192

/* ---- writing */

static void put(
	struct json *json, const struct status_field *field, const char *key, const void *at)
{
	switch (field->type) {
	case STATUS_NUMBER: json_number(json, key, *(const int64_t *)at); break;
	case STATUS_BOOL: json_bool(json, key, *(const bool *)at); break;
	case STATUS_TEXT: json_text(json, key, at); break;
	case STATUS_WORD: json_text(json, key, field->words[*(const int *)at]); break;
	}
}

static int build(const struct status *status, struct buf *out)
{
	struct json json;

	json_init(&json, out);
	json_object(&json, NULL);
	for (const struct status_field *field = status_fields; field->key; field++)
		put(&json, field, field->key, (const char *)status + field->offset);
	for (int i = 0; i < STATUS_WANS; i++) {
		char key[STATUS_KEY_BYTES];

		for (const struct status_field *field = status_wan_fields; field->key; field++) {
			snprintf(key, sizeof(key), "wan%d_%s", i + 1, field->key);
			put(&json, field, key, (const char *)&status->wans[i] + field->offset);
		}
	}
	json_object_end(&json);
	return json_end(&json);
}

/* Renamed into place, never synced: it is of use only while the agent runs. */
static int replace(const char *path, const struct buf *bytes)
{
	char temporary[PATH_MAX];
	FILE *file;
	size_t written;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return -ENAMETOOLONG;
	file = fopen(temporary, "we");
	if (!file)
		return -errno;
	written = fwrite(buf_peek(bytes), 1, buf_length(bytes), file);
	if (fclose(file) != 0 || written != buf_length(bytes))
		return -EIO;
	return rename(temporary, path) < 0 ? -errno : 0;
}

int status_write(const struct status *status, const char *folder, struct err *err)
{
	char path[PATH_MAX];
	struct buf bytes;
	int failed = file_join(path, sizeof(path), folder, STATUS_FILE);

	if (failed < 0)
		return err_errno(err, failed, "%s", folder);
	buf_init(&bytes, FILE_BYTES_MAX);
	failed = build(status, &bytes);
	if (failed == 0)
		failed = replace(path, &bytes);
	buf_done(&bytes);
	return failed < 0 ? err_errno(err, failed, "%s", path) : 0;
}

/* ---- reading back: of our own flat object a key's value is found by its name */

static const char *find(const char *json, const char *key)
{
	char quoted[STATUS_KEY_BYTES + 4];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = strstr(json, quoted);
	return at ? at + strlen(quoted) + strspn(at + strlen(quoted), " ") : "";
}

/* Copies a text without its escapes' backslashes. */
static void take_text(const char *at, char *ret_text, size_t size)
{
	size_t length = 0;

	if (*at == '"')
		at++;
	while (*at && *at != '"' && length + 1 < size) {
		if (*at == '\\' && at[1])
			at++;
		ret_text[length++] = *at++;
	}
	ret_text[length] = '\0';
}

static int word_number(const struct status_field *field, const char *at)
{
	char word[STATUS_KEY_BYTES];

	take_text(at, word, sizeof(word));
	for (int i = 0; field->words[i]; i++)
		if (strcmp(field->words[i], word) == 0)
			return i;
	return 0;
}

static void take(const char *json, const struct status_field *field, const char *key, void *to)
{
	const char *at = find(json, key);

	switch (field->type) {
	case STATUS_NUMBER: *(int64_t *)to = strtoll(at, NULL, 10); break;
	case STATUS_BOOL: *(bool *)to = strncmp(at, "true", 4) == 0; break;
	case STATUS_TEXT: take_text(at, to, field->size); break;
	case STATUS_WORD: *(int *)to = word_number(field, at); break;
	}
}

static void take_all(const char *json, struct status *status)
{
	for (const struct status_field *field = status_fields; field->key; field++)
		take(json, field, field->key, (char *)status + field->offset);
	for (int i = 0; i < STATUS_WANS; i++) {
		char key[STATUS_KEY_BYTES];

		for (const struct status_field *field = status_wan_fields; field->key; field++) {
			snprintf(key, sizeof(key), "wan%d_%s", i + 1, field->key);
			take(json, field, key, (char *)&status->wans[i] + field->offset);
		}
	}
}

int status_read(const char *folder, struct status *ret_status, struct err *err)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	int failed = file_join(path, sizeof(path), folder, STATUS_FILE);

	if (failed < 0)
		return err_errno(err, failed, "%s", folder);
	failed = file_read(path, FILE_BYTES_MAX, &bytes, &length, err);
	if (failed < 0)
		return failed;
	take_all((const char *)bytes, ret_status);
	free(bytes);
	return 0;
}

/* ---- the folder */

static int open_folder(const char *folder)
{
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int status_hold(const char *folder)
{
	struct flock lock = {.l_type = F_RDLCK};
	int fd = open_folder(folder);

	fcntl(fd, F_OFD_SETLK, &lock);
	return fd;
}

/* It is asked whether a lock could be had, none is taken: nobody's hold is ever in the way. */
bool status_is_held(const char *folder)
{
	struct flock lock = {.l_type = F_WRLCK};
	int fd = open_folder(folder);
	bool held = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

	close(fd);
	return held;
}
