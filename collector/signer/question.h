/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the process that holds the CA's key is asked, and what it says: one question and one answer
 * a connection, on the unix socket STATE/signer.sock, each of fixed size, so that there is nothing
 * in either that could be parsed wrongly. What lies between the parts is 0.
 *
 *	question, 128 bytes: enrol               renew                            used
 *	  0  "PANTAUQ1"                            0  "PANTAUQ2"                    0  "PANTAUQ3"
 *	  8  secret of the token, 16               8  agent, 4, little-endian       8  agent, 4
 *	 24  the router's public key, 65          12  fingerprint that it showed   12  fingerprint
 *	                                          44  its new public key, 65
 *	                                         109  its IPv6 address, 16
 *
 *	answer, 4,096 bytes
 *	  0  "PANTAUA1"
 *	  8  enum enrol_code, 4, little-endian
 *	 12  number of the agent, 4, little-endian
 *	 16  WAN, text, 32
 *	 48  words of a refusal, text, 400
 *	448  the agent's certificate, PEM, 3,648
 *
 * Who asks cannot say what the certificate is to be for: that is the token's, or the showing
 * certificate's, in the registry. That the agent holds the key of the certificate which it showed
 * was proven to the ingesting process, by TLS; "used" tells that it spoke with a new one.
 */
#ifndef PANTAU_COLLECTOR_SIGNER_QUESTION_H
#define PANTAU_COLLECTOR_SIGNER_QUESTION_H

#include "collector/signer/signer.h"
#include "proto/enrol.h"

#define SIGNER_SOCKET "signer.sock"
#define SIGNER_QUESTION_BYTES 128
#define SIGNER_ANSWER_BYTES 4096
#define SIGNER_PEM_BYTES 3648
#define SIGNER_ASK_MS 5000 /* the registry may be locked for so long */

#define SIGNER_ADDRESS_BYTES 16 /* IPv4 as ::ffff:a.b.c.d; all 0: not known */

enum signer_kind { SIGNER_ENROL, SIGNER_RENEW, SIGNER_USED };

struct signer_question {
	enum signer_kind kind;
	uint8_t secret[ENROL_SECRET_BYTES]; /* to enrol */
	uint32_t agent; /* else */
	uint8_t print[TLS_FINGERPRINT_BYTES]; /* else */
	uint8_t address[SIGNER_ADDRESS_BYTES]; /* to renew */
	uint8_t point[SIGNER_POINT_BYTES]; /* to enrol or renew */
};

struct signer_answer {
	enum enrol_code code;
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
	char words[ERR_TEXT_BYTES];
	char pem[SIGNER_PEM_BYTES];
};

void signer_question_write(
	const struct signer_question *question, uint8_t ret_bytes[SIGNER_QUESTION_BYTES]);
/* -EPROTO: it is none. */
int signer_question_read(
	const uint8_t bytes[SIGNER_QUESTION_BYTES], struct signer_question *ret_question);
void signer_answer_write(
	const struct signer_answer *answer, uint8_t ret_bytes[SIGNER_ANSWER_BYTES]);
int signer_answer_read(const uint8_t bytes[SIGNER_ANSWER_BYTES], struct signer_answer *ret_answer);

/* Asks, and waits for SIGNER_ASK_MS at most: not on an event loop. -ENOENT, -ECONNREFUSED: it does
 * not run; -ETIMEDOUT; -EPROTO. */
int signer_ask(const char *state, const struct signer_question *question,
	struct signer_answer *ret_answer, struct err *err);

#endif
