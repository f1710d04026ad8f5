/* SPDX-License-Identifier: Apache-2.0 */
/* One page fetched by the helper, as a record. Knows no rhythm: agent/errands/http.c has it. */
#ifndef PANTAU_AGENT_ERRANDS_HTTP_SAMPLE_H
#define PANTAU_AGENT_ERRANDS_HTTP_SAMPLE_H

#include <stdbool.h>
#include <uv.h>

#include "agent/errands/sample_text.h"

struct http_sample_settings { /* all but the loop borrowed during the start only */
	uv_loop_t *loop;
	const char *helper; /* [agent] helper */
	const char *url, *expect;
	const char *interface; /* NULL: as the routing table says */
	bool public_only;
	const uint8_t *boot; /* BOOT_BYTES */
	const char *wan;
};

struct http_sample;

/* -ENOENT: the helper is not installed. Else `done` is called once, later; both are borrowed during
 * the call, and the struct is gone then. */
int http_sample_start(const struct http_sample_settings *settings,
	void (*done)(void *arg, const struct http *http, const struct sample_detail *detail),
	void *arg, struct http_sample **ret_sample);
/* `done` is not called any more. Accepts NULL. */
void http_sample_cancel(struct http_sample *sample);
/* The record of a page that could not be fetched for want of the helper. */
void http_sample_missing(const struct http_sample_settings *settings, struct http *ret_http);

#endif
