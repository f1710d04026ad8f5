/* SPDX-License-Identifier: Apache-2.0 */
/* For processors without an instruction for it (or none that the build knows of). */
#include "common/crc32c.h"

#include "common/crc32c_tables.h"

uint32_t crc32c(uint32_t crc, const void *bytes, size_t length)
{
	return ~crc32c_by_tables(~crc, bytes, length);
}
