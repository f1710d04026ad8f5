/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of status.json: the writer, the reader and the test of the manual share them. */
#ifndef PANTAU_AGENT_STATUS_FIELDS_H
#define PANTAU_AGENT_STATUS_FIELDS_H

#include <stddef.h>

#include "agent/technician/status.h"

#define STATUS_KEY_BYTES 40

enum status_type {
	STATUS_NUMBER, /* int64_t */
	STATUS_BOOL,
	STATUS_TEXT, /* char[size] */
	STATUS_WORD, /* int, an index into `words` */
};

struct status_field {
	const char *key;
	const char *const *words; /* ends with NULL */
	uint16_t offset, size;
	uint8_t type; /* enum status_type */
};

extern const struct status_field status_fields[]; /* of struct status; ends with a NULL key */
extern const struct status_field status_wan_fields[]; /* of struct status_wan: "wan1_" + key */

#endif
