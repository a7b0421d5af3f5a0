// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lang/recipe.h"
#include "packet/compile_request.h"

namespace ejf::compile {

/// What `${name}` stands for in the info file of a test (protocol.md §7.5): `request.FIELD` of the packet or
/// `lang.FIELD` of the language. Numbers are decimal, strings have C escapes (escape_c); fields of 64 bits, UUIDs,
/// lists, the run block and unknown names give nothing.
std::string variable_text(const packet::CompileRequest& request, const lang::Recipe& recipe, std::string_view name);

}  // namespace ejf::compile
