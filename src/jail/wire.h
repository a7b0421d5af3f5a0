// SPDX-License-Identifier: Apache-2.0
// What server and broker say to each other over their SOCK_SEQPACKET socket: one message a packet, descriptors by
// SCM_RIGHTS. Each struct lists its members once, in `fields`; encoding and decoding are both made from that list.
// Both ends are of one build, so there is no version in it; a message that does not decode is an Error.
#pragma once

#include <chrono>
#include <concepts>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::jail {

enum class Kind : std::int32_t {
  configure,  ///< server: Configuration
  make_box,   ///< server: box, BoxSpec
  drop_box,   ///< server: box
  put_file,   ///< server: FileOrder with content
  put_directory,
  put_symlink,
  run,      ///< server: run, box, RunSpec; broker to an init: JobOrder
  prepare,  ///< broker to a zygote: InitOrder
  cancel,   ///< server: run
  ready,    ///< broker: Features
  refused,  ///< broker: text
  report,   ///< broker: run, RunReport
};

struct Message {
  std::string data;
  std::vector<UniqueFd> fds;
  bool is_cut = false;  ///< descriptors are missing: this process may not open any more of them
};

enum class Received { message, nothing, closed };

/// False when the socket, or the kernel, has no room for it now (only with MSG_DONTWAIT in `flags`). Throws SysError,
/// also when the peer is gone.
bool send_message(int socket, const std::string& data, std::span<const int> fds, int flags);
inline constexpr std::size_t k_most_data = std::size_t{256} << 20;
/// Throws SysError, and Error when there are more than `most` bytes; a peer that has gone is `closed`.
Received receive_message(int socket, Message& out, int flags, std::size_t most = k_most_data);

/// How the names of boxes begin that are directories (Mode::none); the rest is their number.
std::string box_prefix(const JailConfig& config);

/// What to put into a box: a file with `content`, a directory, or a link to `target`.
struct FileOrder {
  std::uint32_t box = 0;
  std::string name;
  std::string target;
  mode_t mode = 0;
  FileTime time = FileTime::now;
  UniqueFd content;
};

template <typename S, typename T>
concept Is = std::same_as<std::remove_const_t<S>, T>;

template <typename Io, Is<Limits> S>
void fields(Io& io, S& v) {
  io(v.real_time, v.cpu_time, v.idle_time, v.memory, v.address_space, v.stack, v.file_size, v.processes, v.open_files);
  io(v.log_stored, v.log_drained);
}
template <typename Io, Is<BoxSpec> S>
void fields(Io& io, S& v) {
  io(v.bytes, v.inodes);
}
template <typename Io, Is<VisiblePath> S>
void fields(Io& io, S& v) {
  io(v.path, v.fd);
}
template <typename Io, Is<WantedFile> S>
void fields(Io& io, S& v) {
  io(v.name, v.size_limit);
}
template <typename Io, Is<RunSpec> S>
void fields(Io& io, S& v) {
  io(v.argv, v.env, v.directory, v.standard_input, v.discard_output, v.network, v.loopback, v.read_only_box);
  io(v.limits, v.visible, v.outputs);
}
template <typename Io, Is<OutputFile> S>
void fields(Io& io, S& v) {
  io(v.name, v.state, v.size, v.executable, v.fd);
}
template <typename Io, Is<Log> S>
void fields(Io& io, S& v) {
  io(v.head, v.tail, v.omitted);
}
template <typename Io, Is<RunReport> S>
void fields(Io& io, S& v) {
  io(v.verdict, v.exit_code, v.signal, v.reason, v.real_time, v.cpu_time, v.peak_memory, v.box_was_full, v.log);
  io(v.outputs);
}
template <typename Io, Is<Rights> S>
void fields(Io& io, S& v) {
  io(v.uid, v.gid, v.groups);
}
template <typename Io, Is<JailConfig> S>
void fields(Io& io, S& v) {
  io(v.mode, v.broker, v.socket, v.work_dir, v.slots, v.user_name, v.first_uid, v.cgroup_name, v.allow_i386);
  io(v.parks, v.seccomp_log, v.later, v.visible);
}
template <typename Io, Is<Features> S>
void fields(Io& io, S& v) {
  io(v.namespaces, v.seccomp, v.seccomp_log, v.cgroup, v.warnings);
}
template <typename Io, Is<FileOrder> S>
void fields(Io& io, S& v) {
  io(v.box, v.name, v.target, v.mode, v.time, v.content);
}

template <typename T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;

/// Collects a message. The descriptors stay with their owners, who must live until it is sent.
class Encoder {
 public:
  explicit Encoder(Kind kind) { put(kind); }
  template <typename... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  const std::string& data() const noexcept { return writer_.data(); }
  std::span<const int> fds() const noexcept { return fds_; }

 private:
  template <Number T>
  void put(const T& value) {
    writer_.i64(static_cast<std::int64_t>(value));
  }
  template <typename Rep, typename Period>
  void put(const std::chrono::duration<Rep, Period>& value) {
    writer_.i64(static_cast<std::int64_t>(value.count()));
  }
  void put(const std::string& value) {
    writer_.i64(static_cast<std::int64_t>(value.size()));
    writer_.bytes(value);
  }
  void put(const UniqueFd& fd) {
    writer_.i64(fd ? 1 : 0);
    if (fd) fds_.push_back(fd.get());
  }
  template <typename T>
  void put(const std::vector<T>& values) {
    writer_.i64(static_cast<std::int64_t>(values.size()));
    for (const T& value : values) put(value);
  }
  template <typename T>
  requires std::is_class_v<T>
  void put(const T& value) { fields(*this, value); }

  ByteWriter writer_;
  std::vector<int> fds_;
};

/// Reads a message in the order in which it was written. Throws Error when it does not fit.
class Decoder {
 public:
  explicit Decoder(Message message) : message_(std::move(message)), reader_(message_.data) {}
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  template <typename T>
  T take() {
    T value{};
    get(value);
    return value;
  }

 private:
  std::int64_t number();
  std::size_t count();
  UniqueFd descriptor();

  template <Number T>
  void get(T& value) {
    value = static_cast<T>(number());
  }
  template <typename Rep, typename Period>
  void get(std::chrono::duration<Rep, Period>& value) {
    value = std::chrono::duration<Rep, Period>(number());
  }
  void get(std::string& value);
  void get(UniqueFd& fd) {
    if (number() != 0) fd = descriptor();
  }
  template <typename T>
  void get(std::vector<T>& values) {
    values.resize(count());
    for (T& value : values) get(value);
  }
  template <typename T>
  requires std::is_class_v<T>
  void get(T& value) { fields(*this, value); }

  Message message_;
  ByteReader reader_;
  std::size_t next_fd_ = 0;
};

}  // namespace ejf::jail
