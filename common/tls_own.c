/* SPDX-License-Identifier: Apache-2.0 */
/* Our own certificate: loaded, and changed. */
#include <errno.h>
#include <unistd.h>

#include <openssl/err.h>

#include "common/tls_internal.h"

int tls_context_use(struct tls_context *context, const char *certificate_file, const char *key_file,
	struct err *err)
{
	const char *files[] = {certificate_file, key_file};

	for (size_t i = 0; i < 2; i++)
		if (access(files[i], R_OK) != 0)
			return err_errno(err, -errno, "%s", files[i]);
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(context->ssl, certificate_file) != 1)
		return tls_words_file(certificate_file, err);
	if (SSL_CTX_use_PrivateKey_file(context->ssl, key_file, SSL_FILETYPE_PEM) != 1)
		return tls_words_file(key_file, err);
	return 0;
}
