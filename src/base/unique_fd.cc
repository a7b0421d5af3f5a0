// SPDX-License-Identifier: Apache-2.0
#include "base/unique_fd.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"

namespace ejf {

void UniqueFd::reset(int fd) noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

void UniqueFd::close() {
  // After EINTR it is closed all the same (close(2)).
  if (::close(release()) != 0 && errno != EINTR) throw SysError("close", "a file that was written");
}

UniqueFd UniqueFd::duplicate() const {
  UniqueFd copy{::fcntl(fd_, F_DUPFD_CLOEXEC, 3)};
  if (!copy) throw SysError("duplicate", "a descriptor");
  return copy;
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw SysError("pipe", "");
  return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

std::pair<UniqueFd, UniqueFd> make_socket_pair(int type) {
  int ends[2];
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) throw SysError("socketpair", "");
  return {UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

UniqueFd try_connect(const std::string& path, int type) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return {};
  }
  path.copy(address.sun_path, path.size());
  UniqueFd socket{::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)};
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return socket;
  const int error = errno;
  socket.reset();
  errno = error;
  return {};
}

}  // namespace ejf
