// SPDX-License-Identifier: Apache-2.0
// What the runs of one request have in common, and the box that they run in.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "compile/container_options.h"
#include "compile/environment.h"
#include "compile/extra_sources.h"
#include "compile/named_paths.h"
#include "compile/outcome.h"
#include "compile/workshop.h"
#include "jail/jail.h"
#include "lang/recipe.h"
#include "packet/compile_request.h"

namespace ejf::compile {

/// Where jobs see their box when there is a jail, as in ejudge's container: for the texts of the log.
constexpr const char* k_box_path = "/sandbox";

/// What compiles: the language's script, the problem's own command, or ej-vcs-compile.
struct Command {
  std::string path{};                    ///< argv[0]
  std::vector<std::string> arguments{};  ///< behind the names of source and executable
  std::string name{};                    ///< of the file that is put into the build directory; empty: none
  UniqueFd executable{};                 ///< only with a name
  std::string program_to_show{};         ///< its directory is made visible; empty: what every job sees is enough
};

/// One request while it is worked on. Outlives all runs that are made for it.
struct Job {
  Workshop& workshop;
  const packet::CompileRequest& request;
  const lang::Recipe* recipe = nullptr;  ///< none: an output-only request without a language
  Command command{};
  ContainerOptions options{};                   ///< of the compiler, not of the style checker
  std::optional<ExtraSources> extra_sources{};  ///< they lie beside the source

  /// The subdirectory of the box in which programs run: "build" with run properties, else "".
  std::string build_directory() const { return request.enable_run_props > 0 ? "build" : ""; }
  /// A file in it, relative to the box.
  std::string in_build(const std::string& name) const {
    return request.enable_run_props > 0 ? build_directory() + "/" + name : name;
  }
  std::string language() const { return recipe != nullptr ? recipe->short_name : "no language"; }
  /// Of the request, else of the language, else global (protocol.md §7.3). Container options come on top of them.
  jail::Limits limits() const;
  HiddenPaths hidden_paths() const;
};

/// A box with all that a run of the job finds there, and the runs in it, one after another. The box is made when the
/// first of them needs it.
class Workplace {
 public:
  /// `job` outlives this.
  explicit Workplace(const Job& job) : job_(job) {}

  /// From now on `name` in the build directory holds this, whatever a run did to it.
  void put_source(const std::string& name, UniqueFd content);
  /// In the build directory, with HOME and TMPDIR. Throws Interrupted, and JailFault where the report would say nothing
  /// about the program (Verdict::jail_failed).
  boost::asio::awaitable<jail::RunReport> run(const jail::RunSpec& spec);
  /// The directory of the box as its runs see it.
  std::string directory();

 private:
  jail::Box& box();
  boost::asio::awaitable<jail::RunReport> run_once(const jail::RunSpec& spec);

  const Job& job_;
  std::string source_name_;
  UniqueFd source_;
  bool is_source_put_ = false;
  std::optional<jail::Box> box_;
};

}  // namespace ejf::compile
