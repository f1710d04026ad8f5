/* SPDX-License-Identifier: Apache-2.0 */
/* The portable half of CRC-32C, eight bytes a step; takes and gives the inverted register. */
#ifndef PANTAU_COMMON_CRC32C_TABLES_H
#define PANTAU_COMMON_CRC32C_TABLES_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c_by_tables(uint32_t state, const uint8_t *bytes, size_t length);

#endif
