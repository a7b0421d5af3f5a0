// SPDX-License-Identifier: Apache-2.0
#include "jail/mend.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/error.h"
#include "base/files.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 16;

constexpr const char* k_container =
    "docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined --cgroupns=private IMAGE";
constexpr const char* k_service =
    "systemctl edit SERVICE, and there: [Service] RestrictNamespaces=no SystemCallFilter=";

bool is_in_container() {
  return ::access("/.dockerenv", F_OK) == 0 || ::access("/run/.containerenv", F_OK) == 0 ||
         std::getenv("container") != nullptr;
}

/// Somebody who started us has put a filter of system calls around us.
bool is_filtered() {
  try {
    return read_file("/proc/self/status", k_max_file).find("\nSeccomp:\t2") != std::string::npos;
  } catch (const Error&) {
    return false;  // without /proc nothing can be said
  }
}

/// Who refuses, when the kernel could.
std::string mend_refusal() {
  if (::geteuid() != 0 && read_sysctl("kernel.unprivileged_userns_clone") == 0) {
    return "sysctl -w kernel.unprivileged_userns_clone=1";
  }
  if (::geteuid() != 0 && read_sysctl("kernel.apparmor_restrict_unprivileged_userns") == 1) {
    return "apparmor_parser -r /etc/apparmor.d/ej-jail, or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  }
  if (is_in_container()) return k_container;
  if (is_filtered()) return std::string{k_service} + "; of a container: " + k_container;
  return ::geteuid() == 0 ? std::string{"give CAP_SYS_ADMIN; of a container: "} + k_container
                          : std::string{"start it as root, and outside of a chroot"};
}

std::string boot_with(const std::string& what) {
  return "boot a kernel with " + what;
}

}  // namespace

std::optional<long> read_sysctl(const std::string& name) {
  std::string path = "/proc/sys/" + name;
  std::replace(path.begin() + 10, path.end(), '.', '/');
  try {
    return std::strtol(read_file(path, k_max_file).c_str(), nullptr, 10);
  } catch (const Error&) {
    return {};  // not of this kernel, or not for us
  }
}

std::string mend_namespace(int error, const char* sysctl, const char* config) {
  if (error == EINVAL) return boot_with(std::string{config} + "=y");
  if (error == ENOSPC || error == EUSERS) {
    constexpr const char* k_enough = "=15000";
    return std::string{"sysctl -w user.max_"}.append(sysctl).append("_namespaces").append(k_enough);
  }
  return mend_refusal();
}

std::string mend_call(int error, int major, int minor) {
  utsname kernel{};
  static_cast<void>(::uname(&kernel));
  char* end = nullptr;
  const long has_major = std::strtol(kernel.release, &end, 10);
  const long has_minor = *end == '.' ? std::strtol(end + 1, nullptr, 10) : 0;
  const bool is_old = has_major < major || (has_major == major && has_minor < minor);
  if (is_old) {
    return "boot Linux " + std::to_string(major) + "." + std::to_string(minor) + " or newer (this is " +
           kernel.release + ")";
  }
  return error == ENOSYS && !is_in_container() && !is_filtered() ? boot_with("this system call") : mend_refusal();
}

}  // namespace ejf::jail
