/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words by which a test steers the link, one line each; `up` is from the router outwards,
 * `down` towards it, both when neither is said:
 *
 *   delay 20ms|500us [up|down]     loss 5%|200ppm [up|down]     rate 10mbit|256kbit|off [up|down]
 *   cut [up|down]                  restore [up|down]            block ADDRESS   unblock ADDRESS
 *   icmp off|on                    carrier off|on               stats
 *   largest 1300|off [up|down]: packets over so many bytes vanish without a word
 */
#ifndef PANTAU_LAB_COMMAND_H
#define PANTAU_LAB_COMMAND_H

#include "tests/lab/shape.h"

enum direction { UP, DOWN, DIRECTIONS };

enum command_kind { COMMAND_SHAPE, COMMAND_CARRIER, COMMAND_STATS };

struct command {
	enum command_kind kind;
	bool on; /* COMMAND_CARRIER */
};

/* Applies what concerns the shapes and says what is left to do. 0, -EINVAL for words that mean
 * nothing, -ENOSPC. Cuts the line into words. */
int command_run(char *line, struct shape shapes[DIRECTIONS], struct command *ret_command);

#endif
