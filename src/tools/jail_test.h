// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/site.h"
#include "lang/jail_test.h"

namespace ejf::tools {

/// Compiles samples as the server of that site would: the same jail, users, limits and way of a request. At most `jobs`
/// at once.
lang::JailTest make_jail_test(const config::SiteOptions& site, unsigned jobs);

}  // namespace ejf::tools
