/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/inbox.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/observation.h"
#include "agent/errands/sources.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define LOOK_MS 5000 /* on a kernel without inotify */

struct inbox {
	struct errand_context context;
	char folder[PATH_MAX];
	uv_fs_event_t watch;
	uv_timer_t begin; /* the first look; where nobody tells of changes, every one */
	unsigned handles;
	struct record *record; /* being built: too large for the stack */
};

static void complain(void *arg, const struct observation_bad_line *line)
{
	log_warn("%s:%u: \"%s\": %s", (const char *)arg, line->line, line->text,
		observation_fault_words(line->fault));
}

static void take(struct inbox *inbox, const char *name)
{
	struct observation *observation = &inbox->record->observation;
	char path[PATH_MAX], text[SOURCE_TEXT_MAX + 1];
	int length = file_join(path, sizeof(path), inbox->folder, name);

	if (length == 0)
		length = source_read(path, text);
	if (length == -ENOENT)
		return; /* told of twice */
	if (length < 0)
		log_warn("%s: %s", path, strerror(-length));
	memset(inbox->record, 0, sizeof(*inbox->record));
	inbox->record->kind = RECORD_OBSERVATION;
	if (length > 0)
		observation_parse(observation, text, (size_t)length, complain, path);
	unlink(path);
	if (!observation->item_count || !observation_source_of(name, observation->source))
		return;
	observation->mono_us = clock_boot_us();
	memcpy(observation->boot, inbox->context.boot, BOOT_BYTES);
	inbox->context.record(inbox->context.arg, inbox->record);
}

static void look(struct inbox *inbox)
{
	struct sources sources;

	if (sources_list(inbox->folder, &sources) < 0)
		return;
	for (size_t i = 0; i < sources.count; i++)
		take(inbox, sources.names[i]);
}

static void on_change(uv_fs_event_t *watch, const char *name, int events, int status)
{
	look(watch->data);
}

static void on_begin(uv_timer_t *timer)
{
	look(timer->data);
}

/* ---- life */

static void on_closed(uv_handle_t *handle)
{
	struct inbox *inbox = handle->data;

	if (--inbox->handles)
		return;
	free(inbox->record);
	free(inbox);
}

static void close_inbox(void *errand)
{
	struct inbox *inbox = errand;

	uv_close((uv_handle_t *)&inbox->watch, on_closed);
	uv_close((uv_handle_t *)&inbox->begin, on_closed);
}

static int make_folder(struct inbox *inbox, struct err *err)
{
	const char *parent = inbox->context.settings->runtime_folder;
	int status = file_join(inbox->folder, sizeof(inbox->folder), parent, INBOX_FOLDER);

	if (status < 0)
		return err_errno(err, status, "%s", parent);
	return file_make_folder(inbox->folder, 0755, err);
}

static int open_inbox(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));
	int status;

	if (!inbox)
		return err_errno(err, -ENOMEM, "inbox");
	inbox->context = *context;
	inbox->record = calloc(1, sizeof(*inbox->record));
	status = inbox->record ? make_folder(inbox, err) : err_errno(err, -ENOMEM, "inbox");
	if (status < 0) {
		free(inbox->record);
		free(inbox);
		return status;
	}
	uv_fs_event_init(context->loop, &inbox->watch);
	uv_timer_init(context->loop, &inbox->begin);
	inbox->watch.data = inbox->begin.data = inbox;
	inbox->handles = 2;
	status = uv_fs_event_start(&inbox->watch, on_change, inbox->folder, 0);
	uv_timer_start(&inbox->begin, on_begin, 0, status < 0 ? LOOK_MS : 0);
	*ret_errand = inbox;
	return 0;
}

const struct errand_type errand_inbox = {
	.name = "inbox",
	.open = open_inbox,
	.close = close_inbox,
};
