/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the desk share: desk.c, which answers; desk_renew.c, for agents. */
#ifndef PANTAU_COLLECTOR_SIGNERD_DESK_PRIVATE_H
#define PANTAU_COLLECTOR_SIGNERD_DESK_PRIVATE_H

#include "collector/signer/question.h"
#include "collector/store/registry_enrolment.h"

struct desk_signing { /* borrowed */
	const struct signer *signer;
	const struct signer_question *question;
};

/* What the registry calls with a struct desk_signing. */
int desk_sign(void *arg, uint32_t agent, char ret_pem[ENROLMENT_PEM_BYTES],
	char ret_fingerprint[REGISTRY_HEX_BYTES], struct err *err);
/* SHA-256 as digits. */
int desk_hash(const void *bytes, size_t length, char ret_hash[REGISTRY_HEX_BYTES], struct err *err);
/* SIGNER_RENEW and SIGNER_USED. */
int desk_renew(const char *state, const struct desk_signing *signing, struct signer_answer *answer,
	struct err *err);

#endif
