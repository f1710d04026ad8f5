/* SPDX-License-Identifier: Apache-2.0 */
/* By which way a socket's packets leave. Needs no privilege. */
#ifndef PANTAU_AGENT_NET_LEAVE_H
#define PANTAU_AGENT_NET_LEAVE_H

#include "proto/model.h"

/* By this interface and no other (0: any), with this address of ours (length 0: the kernel's
 * choice). 0 or a negative errno. */
int leave_by(int fd, uint32_t interface, const struct address *source);

#endif
