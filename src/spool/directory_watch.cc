// SPDX-License-Identifier: Apache-2.0
#include "spool/directory_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace ejf::spool {

namespace {

constexpr std::uint32_t k_gone = IN_DELETE_SELF | IN_MOVE_SELF;

}  // namespace

DirectoryWatch::DirectoryWatch(const std::string& path) : fd_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (!fd_) throw SysError("inotify_init", path);
  watch_ = ::inotify_add_watch(fd_.get(), path.c_str(), IN_CREATE | IN_MOVED_TO | k_gone | IN_ONLYDIR);
  if (watch_ < 0) throw SysError("watch", path);
  // A removed directory reports its end only when nobody has it open any more, and the queue that is fed from here
  // has. Its parent tells at once. A parent that may not be read costs this comfort only.
  auto slash = path.find_last_of('/');
  if (slash == std::string::npos || slash == 0) return;
  name_ = path.substr(slash + 1);
  parent_watch_ = ::inotify_add_watch(fd_.get(), path.substr(0, slash).c_str(), IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR);
}

DirectoryWatch::Events DirectoryWatch::read() {
  Events events;
  alignas(inotify_event) std::array<char, 16384> buffer;
  // A bound, so that a flood does not hold up the loop; what is left keeps the descriptor readable.
  for (int round = 0; round < 64; ++round) {
    ssize_t n = ::read(fd_.get(), buffer.data(), buffer.size());
    if (n > 0) {
      digest(buffer.data(), static_cast<std::size_t>(n), events);
    } else if (n == 0 || errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      throw SysError("read", "inotify events");
    }
  }
  return events;
}

void DirectoryWatch::digest(const char* buffer, std::size_t size, Events& events) const {
  for (std::size_t position = 0; position < size;) {
    inotify_event event{};
    std::memcpy(&event, buffer + position, sizeof event);
    // The kernel pads the name with zeros to event.len (inotify(7)).
    std::string name = event.len > 0 ? buffer + position + sizeof event : "";
    position += sizeof event + event.len;
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      events.overflow = true;
    } else if (event.wd == parent_watch_) {
      if (name == name_ && (event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0) events.lost = true;
    } else if (event.wd == watch_) {
      if ((event.mask & (k_gone | IN_IGNORED | IN_UNMOUNT)) != 0) events.lost = true;
      if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) events.names.push_back(std::move(name));
    }
  }
}

}  // namespace ejf::spool
