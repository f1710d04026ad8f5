/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts that every format can carry. UTF-8 has 66 code points that are no characters (U+FFFE,
 * U+FFFF, U+FDD0, ...): XML refuses some of them, PDF all, and one in a desa's name would cost the
 * kabupaten its report.
 */
#ifndef PANTAU_REPORT_MONTHLY_CLEAN_H
#define PANTAU_REPORT_MONTHLY_CLEAN_H

/* In place, without a change of length: what is no UTF-8 or no character is replaced, control
 * characters become blanks. */
void clean_text(char *text);

#endif
