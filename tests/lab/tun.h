/* SPDX-License-Identifier: Apache-2.0 */
/* A TUN device inside a named network namespace. It goes when its descriptor is closed. */
#ifndef PANTAU_LAB_TUN_H
#define PANTAU_LAB_TUN_H

#include <stdbool.h>

/* `place` is NAMESPACE:DEVICE. The descriptor (non-blocking, one IP packet a read), or a negative
 * errno. The caller's own namespace is unchanged afterwards. */
int tun_open(const char *place);
int tun_set_carrier(int fd, bool up);

#endif
