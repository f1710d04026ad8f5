/* SPDX-License-Identifier: Apache-2.0 */
/* A folder with a CA and what it issued, for tests: fresh for each program, removed at its end. */
#ifndef PANTAU_TESTS_UNIT_TLS_AUTHORITY_H
#define PANTAU_TESTS_UNIT_TLS_AUTHORITY_H

#include <stdint.h>

#include "common/tls.h"

#define AUTHORITY_PATH 256

struct authority {
	char folder[AUTHORITY_PATH];
	char ca[AUTHORITY_PATH];
	char server_key[AUTHORITY_PATH], server_certificate[AUTHORITY_PATH];
	char agent_key[AUTHORITY_PATH], agent_certificate[AUTHORITY_PATH]; /* agent-7 */
	uint8_t agent_print[TLS_FINGERPRINT_BYTES];
};

/* These fail the test when they cannot. */
void authority_init(struct authority *authority);
void authority_done(struct authority *authority);

#endif
