/* SPDX-License-Identifier: Apache-2.0 */
/* The table of causes: what each thing that goes wrong is called by the ledger. */
#ifndef PANTAU_TESTS_SIM_MONTH_CAUSES_H
#define PANTAU_TESTS_SIM_MONTH_CAUSES_H

#include <stdbool.h>
#include <stdint.h>

/* Runs so many seeds of each matter and prints the table, a Markdown one. false: less than 99 % of
 * a cause are called by its name, or what is nobody's outage was called a provider's. */
bool causes_print(uint64_t seeds, bool verbose);

#endif
