// SPDX-License-Identifier: Apache-2.0
// A recipe is what the compile server needs to know of a language: what to execute, with which limits, what the result
// is. How a language came to be (a script pair now, a module or a PLD file later) ends here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/compile_cfg.h"
#include "config/diagnostics.h"
#include "config/site.h"
#include "jail/jail.h"

namespace ejf::lang {

struct Recipe {
  int lang_id = 0;
  std::string short_name;
  std::string long_name;            ///< for people
  std::string multi_header_suffix;  ///< in the names of test-specific headers; empty: the short name
  std::string arch;                 ///< how the program is run, may be empty
  std::string key;                  ///< what -k chooses by, may be empty
  std::string version;              ///< informational, may be empty
  std::string src_sfx;
  std::string exe_sfx;
  std::string command;      ///< absolute path of the compile script
  std::string unavailable;  ///< why its script cannot serve a request; empty: it can
  bool is_usable = true;    ///< a request that brings its own compile command can be served all the same
  bool network = false;
  bool enable_custom = false;  ///< a problem may bring its own command instead
  jail::Limits limits;         ///< of the language, else global; a request may override some (protocol.md §7.3)
};

class RecipeBook {
 public:
  /// Checks each language's script; a language that cannot work is kept, with the reason, and reported as a warning.
  /// `base` holds the limits of the settings file; ejudge's configuration and a request can change only its memory.
  RecipeBook(const config::CompileCfg& cfg, const config::Site& site, const jail::Limits& base,
             config::Diagnostics& diagnostics);

  const Recipe* find(int lang_id) const;
  const Recipe* find(const std::string& short_name) const;
  std::size_t available() const noexcept { return available_; }
  const std::map<int, Recipe>& all() const noexcept { return recipes_; }

 private:
  std::map<int, Recipe> recipes_;
  std::size_t available_ = 0;
};

/// Directories outside the system's own that the configured languages need read-only: the scripts, lang.d, the
/// installed lang directory and the installation behind each absolute path that a lang.d file names.
std::vector<std::string> visible_paths(const config::Site& site);

/// The path, and what it stands for, link by link: a job must find all of these names.
std::vector<std::string> names_of(const std::string& path);

/// The directory to show for `path`: its installation prefix when it lies in a `bin` directory, else its own directory.
/// Empty for what every job sees anyway (/usr, /bin, /lib, ...) and for what would be too much (/, /home, /root, ...).
std::string installation_of(const std::string& path);

}  // namespace ejf::lang
