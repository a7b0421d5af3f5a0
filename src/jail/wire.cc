// SPDX-License-Identifier: Apache-2.0
#include "jail/wire.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/files.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_fds = 253;  // the kernel's SCM_MAX_FD
// What is larger than this travels in a memory file, as the first descriptor: a socket holds about 200 KiB.
constexpr std::size_t k_inline = std::size_t{48} << 10;
// Descriptors that were sent and not yet received count against the limit on open files, of all processes of a user
// together and unless it is root. There is no event for "fewer now".
constexpr int k_pause_ms = 1;
constexpr int k_most_pauses = 10'000;
constexpr char k_in_packet = 'p';
constexpr char k_in_file = 'f';

union Control {
  cmsghdr align;
  std::array<char, CMSG_SPACE(sizeof(int) * k_max_fds)> bytes;
};

void attach(msghdr& header, Control& control, std::span<const int> fds) {
  if (fds.empty()) return;
  std::memset(&control, 0, CMSG_SPACE(fds.size_bytes()));
  header.msg_control = control.bytes.data();
  header.msg_controllen = CMSG_SPACE(fds.size_bytes());
  cmsghdr* entry = CMSG_FIRSTHDR(&header);
  entry->cmsg_level = SOL_SOCKET;
  entry->cmsg_type = SCM_RIGHTS;
  entry->cmsg_len = CMSG_LEN(fds.size_bytes());
  std::memcpy(CMSG_DATA(entry), fds.data(), fds.size_bytes());
}

std::vector<UniqueFd> detach(msghdr& header) {
  std::vector<UniqueFd> fds;
  for (cmsghdr* entry = CMSG_FIRSTHDR(&header); entry != nullptr; entry = CMSG_NXTHDR(&header, entry)) {
    if (entry->cmsg_level != SOL_SOCKET || entry->cmsg_type != SCM_RIGHTS) continue;
    std::size_t n = (entry->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < n; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(entry) + i * sizeof(int), sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return fds;
}

}  // namespace

bool send_message(int socket, const std::string& data, std::span<const int> fds, int flags) {
  UniqueFd file;
  bool in_file = data.size() > k_inline;
  if (in_file) file = make_memory_file("ej-jail-message", data);
  std::size_t extra = in_file ? 1 : 0;
  std::array<int, k_max_fds> all;
  if (fds.size() + extra > all.size()) throw Error("too many descriptors in one message of the jail");
  all[0] = file.get();
  std::copy(fds.begin(), fds.end(), all.begin() + extra);
  char form = in_file ? k_in_file : k_in_packet;
  std::string empty;
  const std::string& body = in_file ? empty : data;
  std::array<iovec, 2> parts{iovec{&form, 1}, iovec{const_cast<char*>(body.data()), body.size()}};
  msghdr header{};
  header.msg_iov = parts.data();
  header.msg_iovlen = parts.size();
  Control control;
  attach(header, control, {all.data(), fds.size() + extra});
  for (int pauses = 0; ::sendmsg(socket, &header, flags | MSG_NOSIGNAL) < 0;) {
    if (errno == EAGAIN) return false;
    const bool is_passing = errno == ETOOMANYREFS || errno == ENOBUFS || errno == ENOMEM;
    if (is_passing && ++pauses <= k_most_pauses) {
      if ((flags & MSG_DONTWAIT) != 0) return false;
      ::poll(nullptr, 0, k_pause_ms);
      continue;
    }
    if (errno != EINTR) throw SysError("send", "to the jail's other half");
  }
  return true;
}

Received receive_message(int socket, Message& out, int flags, std::size_t most) {
  static thread_local std::array<char, k_inline + 1> buffer;
  Control control;
  iovec part{buffer.data(), buffer.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t n = 0;
  while ((n = ::recvmsg(socket, &header, flags | MSG_CMSG_CLOEXEC)) < 0) {
    if (errno == EAGAIN) return Received::nothing;
    if (errno == ECONNRESET) return Received::closed;
    if (errno != EINTR) throw SysError("receive", "from the jail's other half");
  }
  out.fds = detach(header);
  if (n == 0) return Received::closed;
  if ((header.msg_flags & MSG_TRUNC) != 0) throw Error("a message of the jail was cut");
  out.is_cut = (header.msg_flags & MSG_CTRUNC) != 0;
  if (buffer[0] == k_in_packet) {
    out.data.assign(buffer.data() + 1, static_cast<std::size_t>(n) - 1);
    return Received::message;
  }
  // Of a memory file, because to read anything else may take for ever.
  if (out.fds.empty() || ::fcntl(out.fds.front().get(), F_GET_SEALS) < 0) {
    throw Error("a message of the jail came without its file");
  }
  out.data = read_all(out.fds.front().get(), most, "message of the jail");
  out.fds.erase(out.fds.begin());
  return Received::message;
}

std::string box_prefix(const JailConfig& config) {
  return config.cgroup_name + "-box-";
}

std::int64_t Decoder::number() {
  auto value = reader_.i64();
  if (!value) throw Error("a message of the jail is too short");
  return *value;
}

std::size_t Decoder::count() {
  std::int64_t n = number();
  // Every element takes at least eight bytes, so a count that lies cannot make us allocate much.
  if (n < 0 || static_cast<std::uint64_t>(n) > reader_.left() / 8) throw Error("a message of the jail is malformed");
  return static_cast<std::size_t>(n);
}

UniqueFd Decoder::descriptor() {
  if (next_fd_ >= message_.fds.size()) throw Error("a message of the jail lacks a descriptor");
  return std::move(message_.fds[next_fd_++]);
}

void Decoder::get(std::string& value) {
  std::int64_t n = number();
  auto bytes = n < 0 ? std::nullopt : reader_.take(static_cast<std::size_t>(n));
  if (!bytes) throw Error("a message of the jail is malformed");
  value.assign(*bytes);
}

}  // namespace ejf::jail
