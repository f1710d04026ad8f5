/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of configurations from afar, in the state folder:
 *
 *	remote.conf      the one that is kept: "# version 12\n", then its text
 *	remote.trial     the one on trial: "# version 13 start 1\n", then its text
 *	remote.refused   the one that was given up: "13 why"
 *
 * Small and seldom written: they lie on a router's flash.
 */
#ifndef PANTAU_AGENT_REMOTE_FILES_H
#define PANTAU_AGENT_REMOTE_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/limits.h"

struct remote_text {
	uint32_t version; /* 0: there is none */
	unsigned starts; /* of the program, with it on trial */
	size_t length;
	char bytes[CONFIGURATION_MAX + 1]; /* with a 0 behind it */
};

/* What is missing or damaged is as if there were none. */
void remote_files_kept(const char *folder, struct remote_text *ret_text);
void remote_files_trial(const char *folder, struct remote_text *ret_text);
void remote_files_refused(
	const char *folder, uint32_t *ret_version, char ret_why[CONFIGURATION_TROUBLE_MAX + 1]);

int remote_files_try(const char *folder, const struct remote_text *text, struct err *err);
int remote_files_keep(const char *folder, const struct remote_text *text, struct err *err);
/* The one on trial is kept. */
int remote_files_settle(const char *folder, struct err *err);
/* The one on trial is gone: it could not even begin. */
void remote_files_forget_trial(const char *folder);
/* The same, and never again, with the reason. */
int remote_files_give_up(const char *folder, uint32_t version, const char *why, struct err *err);
/* What was given up is forgotten. */
void remote_files_acquit(const char *folder);

#endif
