/* SPDX-License-Identifier: Apache-2.0 */
/* A P-256 public key as the point that it is: of fixed size, and nothing in it to be parsed. */
#ifndef PANTAU_COLLECTOR_SIGNER_POINT_H
#define PANTAU_COLLECTOR_SIGNER_POINT_H

#include <openssl/evp.h>

#include "collector/signer/signer.h"

/* -EINVAL: it is not on the curve. Caller frees. */
int point_read(const uint8_t point[SIGNER_POINT_BYTES], EVP_PKEY **ret_key, struct err *err);

#endif
