/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How this machine came to start, as far as it left word: a watchdog that bit says so in its boot
 * status, a kernel that panicked leaves its last words in the persistent store. Neither is a power
 * cut, though both look like one from afar.
 */
#ifndef PANTAU_AGENT_RESET_H
#define PANTAU_AGENT_RESET_H

#include "proto/model.h"

/* `root` stands before /sys ("" on a real machine). `state_folder` keeps which last words were seen
 * in an earlier boot, told apart by `boot`: they stay in the store until someone removes them. */
enum reset reset_find(const char *root, const char *state_folder, const uint8_t boot[BOOT_BYTES]);

#endif
