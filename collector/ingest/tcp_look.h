/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel says of a TCP connection. */
#ifndef PANTAU_COLLECTOR_INGEST_TCP_LOOK_H
#define PANTAU_COLLECTOR_INGEST_TCP_LOOK_H

#include "proto/sighting.h"

/* 0 or a negative errno. */
int tcp_look(int fd, struct sighting *ret_sighting);

#endif
