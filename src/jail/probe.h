// SPDX-License-Identifier: Apache-2.0
// What the jail wants of the kernel and of the rights of its caller, in one table: for the broker, which does not start
// without what it needs, for `ej-jail --self-test` and for `ejforge doctor`. A probe tries the thing itself, in a
// process of its own, or reads what the kernel says; it changes nothing.
#pragma once

#include <string>
#include <vector>

namespace ejf::jail {

enum class Need {
  needed,  ///< no jail without it
  wanted,  ///< a limit or a wall is weaker without it
  nice,    ///< something is slower, or unknown
  unused,  ///< with these rights
};

enum class Presence { there, missing, unknown };

struct Finding {
  Presence presence = Presence::there;
  std::string detail;  ///< what was found: an error, a version, ...
  std::string mend;    ///< of what is missing: the command, or what else is to be done
};

struct ProbedFeature {
  const char* name;     ///< as the kernel calls it
  const char* purpose;  ///< what the jail has it for
  Need need;            ///< with these rights
  Finding found;
};

/// The rows of the table that are at least `least`, in its order. `root`: the jail is started with all rights.
std::vector<ProbedFeature> probe_features(bool root, Need least);

const char* need_name(Need need) noexcept;

/// "there", or what is wrong with it: one word for tables.
const char* presence_name(Presence presence) noexcept;

}  // namespace ejf::jail
