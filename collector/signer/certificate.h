/* SPDX-License-Identifier: Apache-2.0 */
/* Making one X.509 certificate: the part of the signer that knows extensions and dates. */
#ifndef PANTAU_COLLECTOR_SIGNER_CERTIFICATE_H
#define PANTAU_COLLECTOR_SIGNER_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "common/err.h"

enum certificate_kind { CERTIFICATE_CA, CERTIFICATE_SERVER, CERTIFICATE_AGENT };

struct certificate_wish {
	enum certificate_kind kind;
	const char *common_name;
	const char *const *names; /* CERTIFICATE_SERVER: DNS names and addresses */
	size_t name_count;
	const X509 *names_of; /* CERTIFICATE_SERVER: the names of this one instead; or NULL */
	EVP_PKEY *public_key; /* the subject's, borrowed */
};

/* Signed by `issuer`, whose certificate is `ca`; NULL: signed by itself. Caller frees. */
int certificate_make(const struct certificate_wish *wish, EVP_PKEY *issuer, X509 *ca,
	X509 **ret_certificate, struct err *err);

#endif
