# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# A stand-in: the network `wan` is on eth0.2.
network_flush_cache() { :; }
network_get_device() { [ "$2" = wan ] && eval "$1=eth0.2"; }
