/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the helper printed, made into the fields of a record: `key=value` lines. Pure. The text is
 * not believed: a key that is not known is passed over, a number beyond what a record may hold is
 * a fault. A last line without its end is one that was cut, and does not count.
 */
#ifndef PANTAU_AGENT_ERRANDS_SAMPLE_TEXT_H
#define PANTAU_AGENT_ERRANDS_SAMPLE_TEXT_H

#include <stddef.h>

#include "proto/model.h"

#define SAMPLE_TEXT_MAX 4096 /* bytes; the helper prints under 1500 */
#define SAMPLE_DETAIL_BYTES 128

struct sample_detail { /* for a person, not for the record */
	char text[SAMPLE_DETAIL_BYTES]; /* "" none */
	bool down_converged, up_converged; /* false: cut by its bytes or its time */
	bool down_keyed; /* the content was checked against the nonce */
};

/* Fills in what the helper can know; boot, start, WAN and URL are left alone. 0; -ENODATA: it did
 * not come to its end, what it had said until then is filled in; -EBADMSG: it makes no sense, and
 * then nothing is. ret_detail may be NULL. */
int sample_text_http(
	const char *text, size_t length, struct http *http, struct sample_detail *ret_detail);
int sample_text_speed(
	const char *text, size_t length, struct speed *speed, struct sample_detail *ret_detail);

#endif
