// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace ejf {

/// What was asked for cannot be done. Thrown; handled in main, per job, per reload and per tool command only.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A system call failed. The text is "<operation> <object>: <strerror>"; errno is captured by the constructor.
class SysError : public Error {
 public:
  /// Takes errno as it is now.
  SysError(std::string_view operation, std::string_view object);
  SysError(std::string_view operation, std::string_view object, int err);
  int code() const noexcept { return code_; }

 private:
  int code_;
};

/// Our own configuration is wrong; the text names file, line and key and may have several lines.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A command line is wrong.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// Does this errno say that the machine lacks something for now (memory, descriptors, room on a disk, a disk that
/// answers), and nothing about what was asked for? Then the same may go well a little later.
bool is_machine_fault(int err) noexcept;
/// Throws SysError if errno is one of those: for whoever takes every other failure for an answer.
void throw_if_machine_fault(std::string_view operation, std::string_view object);

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace ejf

/// A bug of ours: prints and aborts, also in release builds. The spool keeps the job.
#define EJF_CHECK(condition)                               \
  do {                                                     \
    if (!(condition)) [[unlikely]]                         \
      ::ejf::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
