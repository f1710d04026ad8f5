/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32C (Castagnoli, RFC 3720 appendix B.4). Start with 0 and feed the result back to go on. */
#ifndef PANTAU_COMMON_CRC32C_H
#define PANTAU_COMMON_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(uint32_t crc, const void *bytes, size_t length);

#endif
