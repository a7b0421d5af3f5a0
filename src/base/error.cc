// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace ejf {

namespace {

std::string describe(std::string_view operation, std::string_view object, int err) {
  std::string text{operation};
  if (!object.empty()) text.append(" ").append(object);
  return text.append(": ").append(std::generic_category().message(err));
}

}  // namespace

SysError::SysError(std::string_view operation, std::string_view object) : SysError(operation, object, errno) {}

SysError::SysError(std::string_view operation, std::string_view object, int err)
    : Error(describe(operation, object, err)), code_(err) {}

bool is_machine_fault(int err) noexcept {
  switch (err) {
    case EAGAIN:  // fork(2): of processes
    case EDQUOT:
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case ENOSPC:  // also of namespaces, of control groups, of watches
    case EROFS:
    case ESTALE:
    case ETOOMANYREFS:
      return true;
    default:
      return false;
  }
}

void throw_if_machine_fault(std::string_view operation, std::string_view object) {
  if (is_machine_fault(errno)) throw SysError(operation, object);
}

void check_failed(const char* condition, const char* file, int line) noexcept {
  static_cast<void>(std::fprintf(stderr, "%s:%d: internal error: %s\n", file, line, condition));
  std::abort();
}

}  // namespace ejf
