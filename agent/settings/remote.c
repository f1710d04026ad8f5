/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/settings/remote.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/trial.h"
#include "agent/settings/remote_files.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define OWN_MAX (256 * 1024) /* bytes of the agent's own file */
#define US_PER_S 1000000
#define US_PER_MS 1000
#define LOST "the collector was not heard in time; the configuration before it is back"

struct remote {
	struct remote_events events;
	uv_timer_t timer;
	char *path; /* of the own file */
	char *own; /* its text */
	size_t own_length;
	struct settings *settings; /* in force */
	struct settings *retired; /* before; somebody may still refer to them */
	struct trial trial;
	struct remote_text kept, tried; /* tried: while on trial */
	struct remote_text offered; /* version 0: none waits */
	bool offered_text; /* there was one that can be read */
	uint32_t refused;
	char trouble[CONFIGURATION_TROUBLE_MAX + 1];
};

static void look(struct remote *remote);

/* ---- settings */

static void free_settings(struct settings *settings)
{
	if (settings)
		settings_done(settings);
	free(settings);
}

/* The own file with the text over it; NULL or version 0: alone. */
static int load(const struct remote *remote, const struct remote_text *text,
	struct settings **ret_settings, struct err *err)
{
	const struct conf_text own = {remote->path, remote->own, remote->own_length};
	struct conf_text afar = {.name = "configuration"};
	struct settings *settings = calloc(1, sizeof(*settings));
	int status;

	if (!settings)
		return err_errno(err, -ENOMEM, "configuration");
	if (text && text->version) {
		afar.text = text->bytes;
		afar.length = text->length;
	}
	status = settings_load_afar(settings, &own, afar.text ? &afar : NULL, err);
	if (status < 0) {
		free(settings);
		return status;
	}
	*ret_settings = settings;
	return 0;
}

static int apply(struct remote *remote, struct settings *settings, struct err *err)
{
	int status = remote->events.apply(remote->events.arg, settings, err);

	if (status < 0) {
		free_settings(settings);
		return status;
	}
	free_settings(remote->retired);
	remote->retired = remote->settings;
	remote->settings = settings;
	return 0;
}

/* ---- decisions */

static void refuse(struct remote *remote, uint32_t version, const char *why)
{
	if (remote->refused == version && strcmp(remote->trouble, why) == 0)
		return;
	log_warn("configuration %u from the collector is refused: %s", version, why);
	remote->refused = version;
	snprintf(remote->trouble, sizeof(remote->trouble), "%s", why);
	remote->events.changed(remote->events.arg);
}

static void follow(struct remote *remote)
{
	remote->refused = 0;
	remote->trouble[0] = '\0';
	remote->events.changed(remote->events.arg);
}

static const struct remote_text *in_force(const struct remote *remote)
{
	return remote->trial.trying ? &remote->tried : &remote->kept;
}

static bool says_nothing_new(const struct remote *remote)
{
	const struct remote_text *now = in_force(remote);

	return now->version ? strcmp(now->bytes, remote->offered.bytes) == 0
			    : remote->offered.length == 0;
}

static void adopt(struct remote *remote, uint64_t now_us)
{
	struct err err;

	trial_adopt(&remote->trial, remote->offered.version, now_us);
	remote->kept = remote->offered;
	if (remote_files_keep(remote->settings->state_folder, &remote->kept, &err) < 0)
		log_warn("%s", err.text);
	follow(remote);
}

/* On flash first: one by which the program dies must not be forgotten. */
static int try_out(struct remote *remote, struct err *err)
{
	struct settings *settings;
	int status = load(remote, &remote->offered, &settings, err);

	if (status < 0)
		return status;
	remote->offered.starts = 1;
	status = remote_files_try(remote->settings->state_folder, &remote->offered, err);
	if (status < 0) {
		free_settings(settings);
		return status;
	}
	status = apply(remote, settings, err);
	if (status < 0)
		remote_files_forget_trial(remote->settings->state_folder);
	return status;
}

static void consider(struct remote *remote, uint64_t now_us)
{
	uint32_t version = remote->offered.version;
	struct err err = {.text = "it cannot be read, or is longer than it may be"};

	if (remote->offered_text && says_nothing_new(remote)) {
		adopt(remote, now_us);
	} else if (remote->offered_text && try_out(remote, &err) == 0) {
		remote->tried = remote->offered;
		trial_take(&remote->trial, version, now_us);
		log_info("configuration %u from the collector is tried", version);
		follow(remote);
	} else {
		trial_refuse(&remote->trial, now_us);
		refuse(remote, version, err.text);
	}
	remote->offered.version = 0;
}

static void go_back(struct remote *remote)
{
	struct settings *settings;
	struct err err;
	int status;

	remote->tried.version = 0;
	status = load(remote, &remote->kept, &settings, &err);
	if (status == 0)
		status = apply(remote, settings, &err);
	if (status < 0)
		log_error("%s", err.text);
	if (remote_files_give_up(
		    remote->settings->state_folder, remote->trial.given_up, LOST, &err) < 0)
		log_warn("%s", err.text);
	refuse(remote, remote->trial.given_up, LOST);
}

static void acquit(struct remote *remote)
{
	log_info("the collector was not heard without configuration %u either: it may come again",
		remote->refused);
	remote_files_acquit(remote->settings->state_folder);
	follow(remote);
}

/* ---- when */

static void on_timer(uv_timer_t *timer)
{
	look(timer->data);
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* An answer is asked for when it begins to count, and again until one comes. */
static uint64_t next_ask_us(const struct remote *remote, uint64_t now_us)
{
	uint64_t at_us = trial_settles_us(&remote->trial);

	return at_us == TRIAL_NEVER || at_us > now_us
		? at_us
		: now_us + remote->trial.limit_us / TRIAL_SETTLE_PARTS;
}

static void wait(struct remote *remote, uint64_t now_us)
{
	uint64_t at_us = min(next_ask_us(remote, now_us), trial_fails_us(&remote->trial));

	at_us = min(at_us, trial_acquits_us(&remote->trial));
	if (remote->offered.version)
		at_us = min(at_us, trial_offer(&remote->trial, remote->offered.version, now_us));
	if (at_us == TRIAL_NEVER)
		uv_timer_stop(&remote->timer);
	else
		uv_timer_start(&remote->timer, on_timer,
			at_us > now_us ? (at_us - now_us) / US_PER_MS + 1 : 0, 0);
}

static void look(struct remote *remote)
{
	uint64_t now_us = clock_boot_us(), at_us;

	if (trial_fails(&remote->trial, now_us))
		go_back(remote);
	else if (trial_acquits(&remote->trial, now_us))
		acquit(remote);
	else if (trial_settles_us(&remote->trial) <= now_us)
		remote->events.ask(remote->events.arg);
	if (remote->offered.version) {
		at_us = trial_offer(&remote->trial, remote->offered.version, now_us);
		if (at_us == TRIAL_NEVER)
			remote->offered.version = 0;
		else if (at_us <= now_us)
			consider(remote, now_us);
	}
	wait(remote, now_us);
}

void remote_take(struct remote *remote, const struct configuration *configuration)
{
	struct remote_text *offered = &remote->offered;

	if (configuration->version == 0)
		return;
	offered->version = configuration->version;
	remote->offered_text = configuration->text && configuration->length <= CONFIGURATION_MAX &&
		!memchr(configuration->text, '\0', configuration->length);
	offered->length = remote->offered_text ? configuration->length : 0;
	if (offered->length)
		memcpy(offered->bytes, configuration->text, offered->length);
	offered->bytes[offered->length] = '\0';
	uv_timer_start(&remote->timer, on_timer, 0, 0);
}

void remote_heard(struct remote *remote)
{
	struct err err;

	if (!trial_heard(&remote->trial, clock_boot_us()))
		return;
	remote->kept = remote->tried;
	if (remote_files_settle(remote->settings->state_folder, &err) < 0)
		log_warn("%s", err.text);
	log_info("configuration %u from the collector is kept", remote->kept.version);
	uv_timer_start(&remote->timer, on_timer, 0, 0);
}

/* ---- life */

const struct settings *remote_settings(const struct remote *remote)
{
	return remote->settings;
}

struct remote_said remote_said(const struct remote *remote)
{
	return (struct remote_said){remote->trial.followed, remote->refused, remote->trouble};
}

/* What was on trial when the program ended. */
static void resume(struct remote *remote, const char *folder, uint64_t now_us)
{
	struct settings *settings;
	struct err err = {.text = "the program did not live with it"};

	remote_files_trial(folder, &remote->tried);
	if (!remote->tried.version)
		return;
	remote->tried.starts++;
	if (load(remote, &remote->tried, &settings, &err) == 0) {
		if (trial_resume(
			    &remote->trial, remote->tried.version, remote->tried.starts, now_us)) {
			free_settings(remote->settings);
			remote->settings = settings;
			if (remote_files_try(folder, &remote->tried, &err) < 0)
				log_warn("%s", err.text);
			return;
		}
		free_settings(settings);
	}
	remote->refused = remote->trial.given_up = remote->tried.version;
	snprintf(remote->trouble, sizeof(remote->trouble), "%.160s", err.text);
	if (remote_files_give_up(folder, remote->refused, remote->trouble, &err) < 0)
		log_warn("%s", err.text);
}

static int remember(struct remote *remote, uint64_t now_us, struct err *err)
{
	struct settings *settings;
	char folder[PATH_MAX];
	struct err why;
	int status = load(remote, NULL, &remote->settings, err);

	if (status < 0)
		return status;
	snprintf(folder, sizeof(folder), "%s", remote->settings->state_folder);
	trial_init(&remote->trial, (uint64_t)remote->settings->trial_s * US_PER_S, now_us);
	remote_files_refused(folder, &remote->refused, remote->trouble);
	remote->trial.given_up = remote->refused;
	remote_files_kept(folder, &remote->kept);
	if (remote->kept.version && load(remote, &remote->kept, &settings, &why) == 0) {
		free_settings(remote->settings);
		remote->settings = settings;
		remote->trial.followed = remote->kept.version;
	} else if (remote->kept.version) {
		log_warn("configuration %u is kept no more: %s", remote->kept.version, why.text);
		remote->refused = remote->kept.version;
		snprintf(remote->trouble, sizeof(remote->trouble), "%.160s", why.text);
		remote->kept.version = 0;
	}
	resume(remote, folder, now_us);
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct remote *remote = handle->data;

	free_settings(remote->settings);
	free_settings(remote->retired);
	free(remote->path);
	free(remote->own);
	free(remote);
}

int remote_open(uv_loop_t *loop, const char *path, const struct remote_events *events,
	struct remote **ret_remote, struct err *err)
{
	struct remote *remote = calloc(1, sizeof(*remote));
	uint64_t now_us = clock_boot_us();
	uint8_t *own;
	int status;

	if (!remote)
		return err_errno(err, -ENOMEM, "configuration");
	uv_timer_init(loop, &remote->timer);
	remote->timer.data = remote;
	remote->events = *events;
	remote->path = strdup(path);
	status = remote->path ? file_read(path, OWN_MAX, &own, &remote->own_length, err)
			      : err_errno(err, -ENOMEM, "configuration");
	if (status == 0) {
		remote->own = (char *)own;
		status = remember(remote, now_us, err);
	}
	if (status < 0) {
		remote_close(remote);
		return status;
	}
	wait(remote, now_us);
	*ret_remote = remote;
	return 0;
}

void remote_close(struct remote *remote)
{
	if (remote)
		uv_close((uv_handle_t *)&remote->timer, on_closed);
}
