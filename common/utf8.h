/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629), a character at a time. Pure. */
#ifndef PANTAU_COMMON_UTF8_H
#define PANTAU_COMMON_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_BYTES_MAX 4 /* of a character; also what may be left of a text that ends with 0 */

/* How many bytes the character at `text` has, of `left` (at least 1) that may be looked at. 0: none
 * stands there: a stray continuation, a cut one, an overlong form, a surrogate, or beyond U+10FFFF.
 * A 0 byte is a character of its own. `ret_code` may be NULL. */
size_t utf8_take(const void *text, size_t left, uint32_t *ret_code);

#endif
