/* SPDX-License-Identifier: Apache-2.0 */
/* Which of Indonesia's three time zones a province lies in. */
#ifndef PANTAU_DESK_ZONE_H
#define PANTAU_DESK_ZONE_H

/* For a Kemendagri code of any level ("64", "64.08.05.2001"): "WIB", "WITA" or "WIT"; NULL when the
 * table does not know the province. */
const char *zone_of_region(const char *code);

#endif
