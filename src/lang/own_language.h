// SPDX-License-Identifier: Apache-2.0
// The two templates that begin a language of the site's own: complete for a compiler of the usual kind, and full of
// comments for whoever fits them to another one.
#pragma once

#include <string>

#include "base/result.h"

namespace ejf::lang {

/// Whether contests can name a language so: [A-Za-z0-9_+-]{1,31}, and its scripts are neither an option nor another
/// language's version script.
bool is_language_name(const std::string& name);

struct OwnLanguage {
  std::string name;
  std::string long_name;                     ///< for people; empty: the name
  std::string suffix;                        ///< of sources; empty: a dot and the name
  std::string compiler;                      ///< a name to look for in PATH, or a path; empty: the name
  std::string flags;                         ///< options when a contest asks for no others
  std::string version_option = "--version";  ///< by which the compiler tells its version
  std::string hello;                         ///< a program that prints OK; empty: none is at hand
  bool is_interpreted = false;               ///< the source itself becomes the executable
};

struct OwnTemplates {
  std::string version_script;
  std::string compile_script;
};

/// The texts of NAME-version.in and NAME.in; or what is wrong with the description, for people.
Result<OwnTemplates, std::string> make_own_templates(OwnLanguage language);

}  // namespace ejf::lang
