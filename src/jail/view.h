// SPDX-License-Identifier: Apache-2.0
// What a job sees of the host: a small read-only tree with the system's toolchains, built once per zygote. All binds
// are made from detached copies (open_tree), read-only before they are attached anywhere.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::jail {

inline constexpr const char* k_box_path = "/sandbox";
inline constexpr const char* k_box_home = ".home";  ///< in the box; HOME of every job
inline constexpr const char* k_box_tmp = ".tmp";    ///< in the box; /tmp, /var/tmp and /dev/shm lead there: one quota

struct ViewSpec {
  std::vector<std::string> visible;  ///< bound read-only at their own paths; missing ones are left out
  Rights client;                     ///< whose rights count when they are looked up
  std::string user_name;
  uid_t first_uid = 0;
  unsigned uid_count = 1;
  bool network = false;    ///< the resolver's configuration too
  bool host_proc = false;  ///< in a user namespace the kernel mounts a new /proc only where another one is seen
};

/// Replaces the calling process's root, in its own mount namespace, by the view. Gives a second, writable mount of the
/// view's own file system, which only our processes hold, for mount points that are needed later. Throws SysError.
UniqueFd enter_view(const ViewSpec& spec, const std::string& staging);

/// A detached, recursive copy of the mount at `path`, read-only and nosuid. With `proof` it is what `proof` refers to,
/// or an Error. Empty when there is no such path.
UniqueFd open_visible(const std::string& path, const UniqueFd* proof);

/// What hides a directory: an empty one at `path`, but for places at which those of `shown` below it can be mounted.
UniqueFd make_cover(const std::string& path, const std::vector<VisiblePath>& shown);

/// Makes an empty directory or file for a mount at `path` below `root`, unless something is there, or on the way a link
/// that leads to nothing below `root`.
void make_mount_point(int root, const std::string& path, bool directory);

/// True when every job sees `path`, because it is one of the system's toolchains or lies in one.
bool is_system_path(const std::string& path);

/// True when `path` leads into the box, whose mount points are per run.
bool leads_into_box(const std::string& path);
/// The same path, relative to the box.
std::string path_in_box(const std::string& path);

/// A new tmpfs mount, attached nowhere. `mode` is octal text. Throws SysError.
UniqueFd make_tmpfs(const std::vector<std::pair<std::string, std::string>>& options, unsigned mount_attributes);
void attach_mount(int mount, int directory, const std::string& name);

}  // namespace ejf::jail
