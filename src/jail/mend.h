// SPDX-License-Identifier: Apache-2.0
// What a person does about a feature of the kernel that is missing: the command that fits what this machine says.
#pragma once

#include <optional>
#include <string>

namespace ejf::jail {

/// A namespace that could not be made: `sysctl` is its name in /proc/sys/user/max_*_namespaces, `config` the kernel's
/// option.
std::string mend_namespace(int error, const char* sysctl, const char* config);

/// A system call that is refused, and which Linux has since `major`.`minor`.
std::string mend_call(int error, int major, int minor);

/// A number of /proc/sys, by its name as in sysctl(8).
std::optional<long> read_sysctl(const std::string& name);

}  // namespace ejf::jail
