// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"
#include "jail/sweeper.h"
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
  UniqueFd mount;           ///< made ahead, for its first job to attach
  std::string name;         ///< below staging or work_dir
  std::string error;        ///< the first that happened
  std::uint64_t bytes = 0;  ///< its size, with Mode::full
  uid_t uid = 0;            ///< whose files
  bool busy = false;        ///< a run is in it
  bool dropped = false;     ///< it goes when that run has ended
};

/// The boxes: with Mode::full each is a tmpfs of its own, whose end removes all that a job left, however deep; with
/// Mode::none a directory. The next box is made ahead, when nobody waits, and old ones are removed by the sweeper.
class BoxStore {
 public:
  explicit BoxStore(BoxStoreConfig config);
  ~BoxStore();
  BoxStore(const BoxStore&) = delete;
  BoxStore& operator=(const BoxStore&) = delete;

  void make(std::uint32_t id, const BoxSpec& spec);
  /// A box that can only tell its runs why there is none.
  void make_failed(std::uint32_t id, const std::string& why);
  std::size_t count() const noexcept { return boxes_.size(); }
  /// True when make_spare() would do something useful: a box was made since.
  bool wants_spare() const noexcept { return wants_spare_; }
  /// Makes the box that will be asked for next. Without it make() takes longer, that is all.
  void make_spare() noexcept;
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
  UniqueFd take_mount(StoredBox& box, bool read_only) const;
  /// What a job may write to in a read-only box: mounts of .home and .tmp, at their paths.
  std::vector<VisiblePath> writable_parts(const StoredBox& box) const;
  std::string path_of(const StoredBox& box) const;
  bool is_full(const StoredBox& box) const;
  std::uint64_t used_bytes(const StoredBox& box) const;
  /// Throws SysError for a fault of the machine.
  OutputFile collect(const StoredBox& box, const WantedFile& wanted) const;

  pid_t sweeper() const noexcept { return sweeper_.pid(); }
  /// Waits until what was dropped is gone; from then on there is no sweeper.
  void finish_sweeping() noexcept { sweeper_.finish(); }

 private:
  /// A box that nobody has asked for: no job can enter it.
  struct Spare {
    std::uint32_t id;
    BoxSpec spec;
    StoredBox box;
  };

  uid_t next_uid() const;
  StoredBox named_box(std::uint32_t id);
  StoredBox take_spare(std::uint32_t id, const BoxSpec& spec);
  void open(StoredBox& box, const BoxSpec& spec) const;
  void give_to_user(StoredBox& box, uid_t uid) const;
  void own(const StoredBox& box, int fd, const std::string& name) const;
  void own_at(const StoredBox& box, int dir, const std::string& name) const;
  /// The directory in which the last component of `name` lies; makes what is missing.
  UniqueFd open_parent(const StoredBox& box, const std::string& name, std::string& last) const;
  /// The last of them, as O_PATH and with this mode if it is new; those that are missing are made.
  UniqueFd make_directories(const StoredBox& box, const std::string& name, mode_t mode = k_directory_mode) const;
  template <typename Action>
  void in_box(const FileOrder& order, Action action);
  void remove(const StoredBox& box) noexcept;

  BoxStoreConfig config_;
  std::map<std::uint32_t, StoredBox> boxes_;
  std::optional<Spare> spare_;
  std::uint32_t last_id_ = 0;
  BoxSpec last_spec_;
  bool wants_spare_ = false;
  std::uint32_t last_mount_ = 0;
  Sweeper sweeper_;
};

}  // namespace ejf::jail
