// SPDX-License-Identifier: Apache-2.0
// Places where a test may let the process die: EJF_FAULT=<name> in the environment kills it there, as kill -9 does, the
// first time that it comes by. They are in builds with --enable-fault-points only; elsewhere they are nothing.
#pragma once

#include "config.h"

#ifdef EJF_FAULT_POINTS
#define EJF_FAULT_POINT(name) ::ejf::fault_point(name)
#else
#define EJF_FAULT_POINT(name) static_cast<void>(0)
#endif

namespace ejf {

void fault_point(const char* name);

}  // namespace ejf
