/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector recognised by the pin of its CA's key: the chain that it shows must have a
 * certificate with that key, which signed the collector's own. Dates are not looked at: whoever
 * enrols may not know the time. Agents have certificates of the same CA; that it is one for a
 * server keeps a stolen router from posing as the collector.
 */
#include <openssl/x509v3.h>

#include "common/crypto.h"
#include "common/tls_internal.h"

static bool is_pinned(const struct tls_context *context, X509 *certificate)
{
	uint8_t print[TLS_FINGERPRINT_BYTES];
	unsigned char *der = NULL;
	int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	bool same = length > 0 && crypto_sha256(der, (size_t)length, print) == 0 &&
		memcmp(print, context->pin, sizeof(print)) == 0;

	OPENSSL_free(der);
	return same;
}

int tls_verify_pin(X509_STORE_CTX *store, void *arg)
{
	const struct tls_context *context = arg;
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(store);
	X509 *leaf = X509_STORE_CTX_get0_cert(store);

	for (int i = 0; leaf && i < sk_X509_num(chain); i++) {
		X509 *ca = sk_X509_value(chain, i);

		if (is_pinned(context, ca) && X509_verify(leaf, X509_get0_pubkey(ca)) == 1 &&
			X509_check_purpose(leaf, X509_PURPOSE_SSL_SERVER, 0) == 1)
			return 1;
	}
	tls_explain(
		SSL_get_app_data(ssl), "who answers is not the collector that the token is from");
	X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
	return 0;
}
