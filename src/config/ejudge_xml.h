// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ejf::config {

/// What the compile server needs of ejudge.xml. Any well-formed file whose root is <config> will do; all else in it is
/// passed over.
struct EjudgeXml {
  /// <host name="NAME|*"> of <hosts_options>, in the order of the file.
  struct Host {
    std::string name;
    int line = 0;
    std::vector<std::pair<std::string, std::string>> options;

    std::optional<std::string> find(std::string_view option) const;
  };

  std::string file;
  std::string contests_home_dir;  ///< empty if not given
  std::string compile_home_dir;   ///< <contests_home>/compile if not given; empty if that is not known either
  bool has_compile_home_dir = false;
  bool enable_compile_container = false;
  std::vector<Host> hosts;

  /// How many compilations may run at once on a host that has these names (addresses and the node's name): the value
  /// of the first matching <host> that has the option, 1 if there is none. Throws ConfigError unless it is 0..128.
  int compile_parallelism(const std::vector<std::string>& host_names) const;
};

/// Both throw ConfigError for what is no ejudge.xml, and for a bad value of what is read from it; the first also
/// SysError. Any charset that iconv(3) knows may be declared.
EjudgeXml load_ejudge_xml(const std::string& path);
EjudgeXml parse_ejudge_xml(std::string_view text, const std::string& file);

}  // namespace ejf::config
