// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace ejf {

/// Owns a file descriptor, which is always close-on-exec.
class UniqueFd {
 public:
  UniqueFd() noexcept = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset(int fd = -1) noexcept;
  /// For those who have written to it: a network file system may tell only now that it has no room. Throws SysError.
  void close();
  /// A second descriptor of the same file. Throws SysError.
  UniqueFd duplicate() const;

 private:
  int fd_ = -1;
};

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

/// A close-on-exec pipe. Throws SysError.
Pipe make_pipe();

/// A connected pair of close-on-exec AF_UNIX sockets of the given type (SOCK_SEQPACKET, ...). Throws SysError.
std::pair<UniqueFd, UniqueFd> make_socket_pair(int type);

/// A close-on-exec AF_UNIX socket of the given type, connected to who listens at `path`. None, with errno, without.
UniqueFd try_connect(const std::string& path, int type);

}  // namespace ejf
