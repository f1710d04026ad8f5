/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/signer/point.h"

#include <errno.h>

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "collector/signer/pem.h"

int point_read(const uint8_t point[SIGNER_POINT_BYTES], EVP_PKEY **ret_key, struct err *err)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM parts[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"prime256v1", 0),
		OSSL_PARAM_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point, SIGNER_POINT_BYTES),
		OSSL_PARAM_END,
	};
	int sound = context && point[0] == POINT_CONVERSION_UNCOMPRESSED &&
		EVP_PKEY_fromdata_init(context) == 1 &&
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parts) == 1;

	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	if (!sound)
		return err_set(err, -EINVAL, "the key is no point of the curve P-256");
	*ret_key = key;
	return 0;
}

int signer_read_request(
	const void *pem, size_t length, uint8_t ret_point[SIGNER_POINT_BYTES], struct err *err)
{
	EVP_PKEY *key;
	size_t written = 0;
	int r = pem_parse_subject(pem, length, &key, err);

	if (r < 0)
		return r;
	if (EVP_PKEY_set_utf8_string_param(
		    key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") != 1 ||
		EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, ret_point,
			SIGNER_POINT_BYTES, &written) != 1 ||
		written != SIGNER_POINT_BYTES)
		r = err_set(err, -EINVAL, "the key cannot be written as a point");
	EVP_PKEY_free(key);
	ERR_clear_error();
	return r;
}
