/* SPDX-License-Identifier: Apache-2.0 */
/* One question answered: what the registry holds is signed, and nothing else. */
#ifndef PANTAU_COLLECTOR_SIGNERD_DESK_H
#define PANTAU_COLLECTOR_SIGNERD_DESK_H

#include "collector/quiet.h"
#include "collector/signer/question.h"

/* Always gives an answer: a refusal with words, or the identity, which is then in the registry. The
 * registry is opened for each, so that one that was put back from a copy is the one that counts.
 * `quiet`: which refusals may be logged. */
void desk_answer(const char *state, const struct signer *signer, struct quiet *quiet,
	const struct signer_question *question, struct signer_answer *ret_answer);

#endif
