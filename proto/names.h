/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what a record says, the same in lists, in JSON and on a router: "hijacked",
 * "portal". Borrowed for ever; "?" for a value that is none. */
#ifndef PANTAU_PROTO_NAMES_H
#define PANTAU_PROTO_NAMES_H

#include "proto/model.h"

const char *dns_question_name(uint8_t question);
const char *dns_outcome_name(uint8_t outcome);
const char *http_outcome_name(uint8_t outcome);
const char *speed_outcome_name(uint8_t outcome);
const char *speed_reason_name(uint8_t reason);
const char *reset_name(uint8_t reset);

#define NAMES_ADDRESS_BYTES 56 /* "[" an IPv6 address "]:" a port */

/* "192.0.2.1", with a port "192.0.2.1:443" and "[2001:db8::1]:443"; "" for none. */
void names_address(
	const struct address *address, uint16_t port, char ret_text[NAMES_ADDRESS_BYTES]);

#endif
