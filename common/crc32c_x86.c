/* SPDX-License-Identifier: Apache-2.0 */
/* x86-64: SSE 4.2 has the instruction, and nearly every machine since 2009 has SSE 4.2. */
#include "common/crc32c.h"

#include <nmmintrin.h>
#include <string.h>

#include "common/crc32c_tables.h"

__attribute__((target("sse4.2"))) static uint32_t by_instruction(
	uint32_t state, const uint8_t *bytes, size_t length)
{
	uint64_t wide = state;

	for (; length >= 8; bytes += 8, length -= 8) {
		uint64_t word;

		memcpy(&word, bytes, sizeof word);
		wide = _mm_crc32_u64(wide, word);
	}
	state = (uint32_t)wide;
	for (; length > 0; bytes++, length--)
		state = _mm_crc32_u8(state, *bytes);
	return state;
}

uint32_t crc32c(uint32_t crc, const void *bytes, size_t length)
{
	if (__builtin_cpu_supports("sse4.2"))
		return ~by_instruction(~crc, bytes, length);
	return ~crc32c_by_tables(~crc, bytes, length);
}
