/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enrolment, protocol pantau-enrol/1 (PROTOCOL.md, 8): the token that a technician carries, the one
 * question that a router asks with it, and the one answer. Texts both, in a frame each.
 *
 *	pantau1:noc.example.go.id:7443/<pin, 64 digits>/<secret, 32 digits>/<check, 8 digits>
 *
 * The pin is the SHA-256 of the CA's public key (SubjectPublicKeyInfo): by it alone the router
 * recognises the collector. The check is the CRC-32C of all before it: a token that was cut off or
 * mistyped is told from one that is refused.
 */
#ifndef PANTAU_PROTO_ENROL_H
#define PANTAU_PROTO_ENROL_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"
#include "proto/limits.h"

#define ENROL_SECRET_BYTES 16
#define ENROL_PIN_BYTES 32
#define ENROL_STAMP_KEY_BYTES 16
#define ENROL_ADDRESS_MAX 255 /* as [collector] address: more than one, with commas */
#define ENROL_TOKEN_MAX (ENROL_ADDRESS_MAX + 128) /* with its 0 */
#define ENROL_QUESTION_MAX 4096 /* a request for P-256 is 500 bytes */
#define ENROL_ANSWER_MAX 16384 /* two certificates of 800 and a few lines */

struct enrol_token {
	char address[ENROL_ADDRESS_MAX + 1];
	uint8_t pin[ENROL_PIN_BYTES];
	uint8_t secret[ENROL_SECRET_BYTES];
};

/* -EINVAL with words for a person who typed it. Blanks around it are passed over. */
int enrol_token_read(const char *text, struct enrol_token *ret_token, struct err *err);
void enrol_token_write(const struct enrol_token *token, char ret_text[ENROL_TOKEN_MAX]);

enum enrol_code {
	ENROL_ACCEPTED,
	ENROL_UNKNOWN, /* no such token */
	ENROL_EXPIRED,
	ENROL_REVOKED, /* the token, or the agent that was made with it */
	ENROL_SPENT, /* by another key */
	ENROL_MALFORMED, /* the question cannot be read */
	ENROL_PARKED, /* renewal: the certificate expired, a person must say yes */
	ENROL_EARLY, /* renewal: it is good for long */
	ENROL_BUSY, /* not now */
	ENROL_CODE_COUNT
};
/* "unknown", "expired", ...; ENROL_BUSY for a name of a later version. */
const char *enrol_code_name(enum enrol_code code);

/* "enrol <secret>\n" and the certificate request in PEM. */
int enrol_question_write(
	const uint8_t secret[ENROL_SECRET_BYTES], const char *request, struct buf *out);
struct enrol_question {
	uint8_t secret[ENROL_SECRET_BYTES];
	const char *request; /* borrowed from the bytes */
	size_t request_length;
};
/* -EINVAL. */
int enrol_question_read(const void *bytes, size_t length, struct enrol_question *ret_question);

/* "accepted <agent> <wan>\n", "stamp <port> <key>\n" where there is a reflector, the agent's
 * certificate and the CA's in PEM (other lines before them are passed over); or
 * "refused <code> <words>\n". */
struct enrol_answer { /* texts are borrowed, from the answer when it was read */
	enum enrol_code code;
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
	char words[ERR_TEXT_BYTES]; /* of a refusal */
	uint16_t stamp_port; /* of the reflector beside the collector; 0: none */
	uint8_t stamp_key[ENROL_STAMP_KEY_BYTES];
	const char *certificate, *ca;
	size_t certificate_length, ca_length;
};
int enrol_answer_write(const struct enrol_answer *answer, struct buf *out);
/* -EINVAL. */
int enrol_answer_read(const char *text, size_t length, struct enrol_answer *ret_answer);

#endif
