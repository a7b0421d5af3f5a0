// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"
#include "jail/wire.h"

namespace ejf::jail {

inline constexpr mode_t k_directory_mode = 0755;  ///< of those that nobody asked for

struct BoxStoreConfig {
  Mode mode = Mode::full;
  std::string staging;   ///< Mode::full: a directory of our mount namespace that may be covered
  std::string work_dir;  ///< Mode::none: boxes are directories here
  std::string prefix;    ///< of their names; what is left from an earlier instance is removed at start
  bool change_owner = false;
  uid_t first_uid = 0;
  unsigned uids = 1;
};

/// A box of the broker. What went wrong with it is kept for the runs in it.
struct StoredBox {
  UniqueFd root;            ///< the directory, for work inside
  std::string name;         ///< below staging or work_dir
  std::string error;        ///< the first that happened
  std::uint64_t bytes = 0;  ///< its size, with Mode::full
  uid_t uid = 0;            ///< whose files
  bool busy = false;        ///< a run is in it
  bool dropped = false;     ///< it goes when that run has ended
};

/// The boxes: with Mode::full each is a tmpfs of its own, whose end removes all that a job left, however deep; with
/// Mode::none a directory.
class BoxStore {
 public:
  explicit BoxStore(BoxStoreConfig config);
  ~BoxStore();
  BoxStore(const BoxStore&) = delete;
  BoxStore& operator=(const BoxStore&) = delete;

  void make(std::uint32_t id, const BoxSpec& spec);
  /// Now, or when the run in it has ended.
  void drop(std::uint32_t id) noexcept;
  /// Null when there is none.
  StoredBox* find(std::uint32_t id);
  const StoredBox* find(std::uint32_t id) const;
  /// Errors of these are kept in the box.
  void put_file(const FileOrder& order);
  void put_directory(const FileOrder& order);
  void put_symlink(const FileOrder& order);

  /// Makes what a visible path is mounted on, a directory or file like `shown`. Throws.
  void make_mount_point(const StoredBox& box, const std::string& name, int shown) const;

  /// A mount of the box for a job to attach, with Mode::full.
  UniqueFd mount_of(const StoredBox& box) const;
  std::string path_of(const StoredBox& box) const;
  bool is_full(const StoredBox& box) const;
  std::uint64_t used_bytes(const StoredBox& box) const;
  OutputFile collect(const StoredBox& box, const WantedFile& wanted) const;

 private:
  uid_t next_uid() const;
  void open(StoredBox& box, const BoxSpec& spec, std::uint32_t id) const;
  void own(const StoredBox& box, int fd, const std::string& name) const;
  /// The directory in which the last component of `name` lies; makes what is missing.
  UniqueFd open_parent(const StoredBox& box, const std::string& name, std::string& last) const;
  void make_directories(const StoredBox& box, const std::string& name, mode_t mode = k_directory_mode) const;
  template <typename Action>
  void in_box(const FileOrder& order, Action action);
  void remove(const StoredBox& box) const noexcept;

  BoxStoreConfig config_;
  std::map<std::uint32_t, StoredBox> boxes_;
};

}  // namespace ejf::jail
