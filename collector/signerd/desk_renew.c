/* SPDX-License-Identifier: Apache-2.0 */
/* Agents that ask for their next certificate, or spoke with it for the first time. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/signerd/desk_private.h"
#include "collector/store/registry_identity.h"
#include "common/crypto.h"
#include "common/log.h"

_Static_assert(IDENTITY_PEM_BYTES == ENROLMENT_PEM_BYTES, "both are signed by one function");

static void write_address(
	const struct signer_question *question, char ret_address[PARKED_ADDRESS_BYTES])
{
	struct in6_addr address;

	memcpy(&address, question->address, sizeof(address));
	ret_address[0] = '\0';
	if (IN6_IS_ADDR_V4MAPPED(&address))
		inet_ntop(AF_INET, question->address + 12, ret_address, PARKED_ADDRESS_BYTES);
	else if (!IN6_IS_ADDR_UNSPECIFIED(&address))
		inet_ntop(AF_INET6, &address, ret_address, PARKED_ADDRESS_BYTES);
}

static int renew(struct registry *registry, const struct desk_signing *signing,
	struct signer_answer *answer, struct err *err)
{
	const struct signer_question *question = signing->question;
	char key[REGISTRY_HEX_BYTES], shown[REGISTRY_HEX_BYTES], address[PARKED_ADDRESS_BYTES];
	const struct registry_renewal order = {
		.agent = question->agent,
		.shown = shown,
		.key = key,
		.address = address,
		.sign = desk_sign,
		.arg = (void *)(uintptr_t)signing,
	};
	struct registry_renewed renewed;
	int r = desk_hash(question->point, sizeof(question->point), key, err);

	if (r < 0)
		return r;
	hex_format(question->print, sizeof(question->print), shown);
	write_address(question, address);
	r = registry_renew(registry, &order, &renewed, err);
	if (r < 0)
		return r;
	answer->agent = question->agent;
	strcpy(answer->wan, "-"); /* an answer names one; here it is not meant */
	strcpy(answer->pem, renewed.pem);
	log_info("agent-%u %s", question->agent,
		renewed.again ? "asked for its next certificate again"
			      : "has its next certificate");
	return 0;
}

static int note_used(
	struct registry *registry, const struct signer_question *question, struct err *err)
{
	char print[REGISTRY_HEX_BYTES];
	int r;

	hex_format(question->print, sizeof(question->print), print);
	r = registry_identity_used(registry, question->agent, print, err);
	if (r == 0)
		log_info("agent-%u uses its new certificate", question->agent);
	return r;
}

int desk_renew(const char *state, const struct desk_signing *signing, struct signer_answer *answer,
	struct err *err)
{
	struct registry *registry;
	int r;

	if (registry_open(state, REGISTRY_WRITE, "renewal", &registry, err) < 0)
		return -EIO; /* whatever it was, it is no word about the agent */
	r = signing->question->kind == SIGNER_RENEW ? renew(registry, signing, answer, err)
						    : note_used(registry, signing->question, err);
	registry_close(registry);
	return r;
}
