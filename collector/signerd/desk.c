/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signerd/desk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/signerd/desk_private.h"
#include "collector/store/registry_enrolment.h"
#include "common/clock.h"
#include "common/crypto.h"
#include "common/log.h"

_Static_assert(ENROLMENT_PEM_BYTES <= SIGNER_PEM_BYTES, "what is kept fits into an answer");

int desk_sign(void *arg, uint32_t agent, char ret_pem[ENROLMENT_PEM_BYTES],
	char ret_fingerprint[REGISTRY_HEX_BYTES], struct err *err)
{
	const struct desk_signing *signing = arg;
	uint8_t print[TLS_FINGERPRINT_BYTES];
	struct buf pem;
	int r;

	buf_init(&pem, ENROLMENT_PEM_BYTES - 1);
	r = signer_issue_agent(signing->signer,
		&(struct signer_agent){.id = agent, .point = signing->question->point}, &pem, print,
		err);
	if (r == 0) {
		memcpy(ret_pem, buf_peek(&pem), buf_length(&pem));
		ret_pem[buf_length(&pem)] = '\0';
		hex_format(print, sizeof(print), ret_fingerprint);
	}
	buf_done(&pem);
	return r;
}

static enum enrol_code code_of(int r)
{
	switch (r) {
	case 0: return ENROL_ACCEPTED;
	case -ENOENT: return ENROL_UNKNOWN;
	case -EKEYEXPIRED: return ENROL_EXPIRED;
	case -EKEYREVOKED: return ENROL_REVOKED;
	case -EEXIST: return ENROL_SPENT;
	case -EINVAL: return ENROL_MALFORMED;
	case -EINPROGRESS: return ENROL_PARKED;
	case -EALREADY: return ENROL_EARLY;
	default: return ENROL_BUSY;
	}
}

int desk_hash(const void *bytes, size_t length, char ret_hash[REGISTRY_HEX_BYTES], struct err *err)
{
	uint8_t digest[SHA256_BYTES];
	int r = crypto_sha256(bytes, length, digest);

	if (r < 0)
		return err_errno(err, r, "SHA-256");
	hex_format(digest, sizeof(digest), ret_hash);
	return 0;
}

static int enrol(const char *state, const struct desk_signing *signing,
	struct registry_enrolled *ret_enrolled, struct err *err)
{
	const struct signer_question *question = signing->question;
	char hash[REGISTRY_HEX_BYTES], key[REGISTRY_HEX_BYTES];
	const struct registry_enrol order = {
		.hash = hash, .key = key, .sign = desk_sign, .arg = (void *)(uintptr_t)signing};
	struct registry *registry;
	int r = desk_hash(question->secret, sizeof(question->secret), hash, err);

	if (r == 0)
		r = desk_hash(question->point, sizeof(question->point), key, err);
	if (r < 0)
		return r;
	if (registry_open(state, REGISTRY_WRITE, "enrolment", &registry, err) < 0)
		return -EIO; /* whatever it was, it is no word about the token */
	r = registry_enrol(registry, &order, ret_enrolled, err);
	registry_close(registry);
	return r;
}

/* One line a minute of each kind of refusal: who asks wrongly asks often. */
static void complain(struct quiet *quiet, enum enrol_code code, const char *words)
{
	uint64_t held_back;

	if (!quiet_allows(quiet, enrol_code_name(code), clock_boot_us() / 1000, &held_back))
		return;
	if (held_back)
		log_warn("not signed: %s (and %" PRIu64 " more since the last line)", words,
			held_back);
	else
		log_warn("not signed: %s", words);
}

static int carry_out(const char *state, const struct desk_signing *signing,
	struct signer_answer *answer, struct err *err)
{
	struct registry_enrolled enrolled;
	int r;

	if (signing->question->kind != SIGNER_ENROL)
		return desk_renew(state, signing, answer, err);
	r = enrol(state, signing, &enrolled, err);
	if (r < 0)
		return r;
	answer->agent = enrolled.agent;
	strcpy(answer->wan, enrolled.wan);
	strcpy(answer->pem, enrolled.pem);
	log_info("agent-%u %s", enrolled.agent,
		enrolled.again ? "asked for its certificate again" : "is enrolled");
	return 0;
}

void desk_answer(const char *state, const struct signer *signer, struct quiet *quiet,
	const struct signer_question *question, struct signer_answer *ret_answer)
{
	const struct desk_signing signing = {signer, question};
	struct err err = {0};
	int r;

	memset(ret_answer, 0, sizeof(*ret_answer));
	r = carry_out(state, &signing, ret_answer, &err);
	ret_answer->code = code_of(r);
	if (r == 0)
		return;
	complain(quiet, ret_answer->code, err.text);
	snprintf(ret_answer->words, sizeof(ret_answer->words), "%s",
		ret_answer->code == ENROL_BUSY ? "the collector cannot sign now" : err.text);
}
