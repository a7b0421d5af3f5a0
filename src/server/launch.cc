// SPDX-License-Identifier: Apache-2.0
#include "server/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "base/build_info.h"
#include "base/error.h"
#include "base/file_lock.h"
#include "base/files.h"
#include "base/log.h"
#include "config/compile_cfg.h"
#include "server/configuration.h"
#include "server/local_cache.h"
#include "server/process.h"
#include "server/server.h"
#include "transport/local_spool.h"

namespace ejf::server {

namespace {

void show(const config::Diagnostics& diagnostics, bool to_log) {
  for (const auto& diagnostic : diagnostics.all()) {
    if (to_log) {
      log::warning("{}", diagnostic.text());
    } else {
      fmt::print(stderr, "ej-compile: {}\n", diagnostic.text());
    }
  }
}

void print_banner(const Options& options) {
  const std::string banner = fmt::format("ej-compile {} (ejforge)", build_info::version());
  log::info("{}", banner);
  if (options.banner_fd < 0) return;
  UniqueFd fd{options.banner_fd};
  try {
    write_all(fd.get(), banner + "\n", "the start banner");
  } catch (const SysError& error) {
    log::warning("{}", error.what());  // whoever started us has gone: no reason not to serve
  }
}

/// The server of a slot holds its lock, so that nobody serves it twice by mistake. Released by the kernel, whatever
/// ends us; given up by a re-exec, which takes it again.
std::vector<FileLock> lock_slots(const transport::LocalSpool& spool, const Configuration& configuration,
                                 const Options& options) {
  UniqueFd directory = open_directory(spool.queue_directory());
  std::vector<FileLock> locks;
  for (unsigned i = 0; i < configuration.slots; ++i) {
    const unsigned slot = options.serial + i;
    auto lock = FileLock::try_lock(directory.get(), fmt::format(".ej-compile-slot-{}.lock", slot));
    if (!lock) {
      throw Error(fmt::format("already running: slot {} of queue '{}' has its server (see -y and --slots)", slot,
                              configuration.queue_id));
    }
    locks.push_back(std::move(*lock));
  }
  return locks;
}

std::string log_path(const Configuration& configuration) {
  if (!configuration.settings.log_file.empty()) return configuration.settings.log_file;
  return configuration.site.contests_home_dir.value + "/var/ej-compile.log";
}

/// Log file and background, as the options say.
void settle_process(const Options& options, const Configuration& configuration, const std::optional<UserIds>& user) {
  log::set_level(options.is_verbose ? log::Level::debug : configuration.settings.log_level);
  if (options.is_slave || !(options.is_daemon || options.is_restarted)) return;
  redirect_to_log(log_path(configuration));
  // The user that we become must be able to open the log again on USR1.
  if (user && ::geteuid() == 0 && ::fchown(STDERR_FILENO, user->uid, user->gid) != 0) {
    throw SysError("chown", log_path(configuration));
  }
  if (options.is_daemon) go_to_background();
}

std::optional<UserIds> user_to_become(const Options& options) {
  if (options.user.empty() && options.group.empty()) return {};
  if (::geteuid() != 0) throw UsageError("-u and -g are for root");
  if (options.user.empty()) throw UsageError("-g needs -u");
  return find_user(options.user, options.group);
}

void announce(const Configuration& configuration, const jail::Jail& jail, const Options& options) {
  const auto& features = jail.features();
  for (const std::string& warning : features.warnings) log::warning("jail: {}", warning);
  std::string walls = "NONE (--no-jail): compilers run unconfined";
  if (options.use_jail) {
    const char* seccomp = features.seccomp_log ? "seccomp (ONLY LOGS), " : "seccomp, ";
    walls = fmt::format("{}, {}cgroup {}", features.namespaces, features.seccomp ? seccomp : "", features.cgroup);
  } else {
    log::warning("--no-jail: submitted code can do to this machine what the user of this server can");
  }
  log::info("ready: {} languages, {} {}, jail: {}", configuration.recipes->available(), configuration.slots,
            configuration.slots == 1 ? "slot" : "slots", walls);
}

class Launcher {
 public:
  explicit Launcher(const Options& options) : options_(options), program_(own_program_path()) {}

  int run() {
    if (!options_.directory.empty() && ::chdir(options_.directory.c_str()) != 0) {
      throw SysError("change directory to", options_.directory);
    }
    hold_descriptors();
    const auto user = user_to_become(options_);
    Configuration configuration = load();
    if (options_.print_config) {
      fmt::print("{}", describe(configuration, options_));
      return 0;
    }
    settle_process(options_, configuration, user);
    if (::geteuid() == 0 && !user && !options_.init_only) {
      log::warning("started as root without -u: serving as root; compilers run as uid {} and up",
                   configuration.settings.first_uid);
    }
    return obey(start(configuration, user));
  }

 private:
  /// Descriptors that we were given must not reach any child; the ones that a re-exec needs are opened up then.
  void hold_descriptors() const {
    for (int fd : {options_.xml_fd, options_.banner_fd, options_.jail_fd}) {
      if (fd >= 0 && ::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) throw SysError("use descriptor", std::to_string(fd));
    }
  }

  Configuration load() const {
    config::Diagnostics diagnostics;
    Configuration configuration = load_configuration(options_, diagnostics);
    show(diagnostics, options_.is_slave || options_.is_restarted);
    return configuration;
  }

  /// Files are made by the user who serves, and before the jail: it would sweep away the control groups of a server
  /// that is running, which the locks find out. The jail is started with all rights that there are.
  ExitAction start(const Configuration& configuration, const std::optional<UserIds>& user) {
    std::optional<EffectiveUser> as_user;
    if (user) as_user.emplace(*user);
    transport::LocalSpool spool({.spool_dir = configuration.site.spool_dir.value,
                                 .queue_id = configuration.queue_id,
                                 .legacy_compile_dir = configuration.legacy_compile_dir});
    if (!options_.use_jail) make_directories(configuration.work_dir, 0775);
    if (!configuration.local_cache.empty()) {
      LocalCache(configuration.local_cache, configuration.settings.local_cache_age);  // made, or refused, at the start
    }
    if (options_.init_only) {
      spool.make_all_directories();
      return ExitAction::stop;
    }
    auto locks = lock_slots(spool, configuration, options_);
    as_user.reset();
    auto jail = make_jail(configuration, user);
    if (user) become(*user);
    return serve(configuration, spool, std::move(jail), locks);
  }

  ExitAction serve(const Configuration& configuration, transport::LocalSpool& spool, std::unique_ptr<jail::Jail> jail,
                   std::vector<FileLock>& locks) {
    spool.export_configuration(config::export_compile_cfg(configuration.compile_cfg, configuration.lang_id_map));
    print_banner(options_);
    ExitAction action = ExitAction::stop;
    {
      Server server(configuration, spool, *jail, options_.use_jail,
                    {.check_new_configuration = [this] { check_reload(); },
                     .reopen_log = [&] { reopen_log(configuration); },
                     .lock_slots =
                         [&] {
                           locks.clear();
                           locks = lock_slots(spool, configuration, options_);
                         }});
      announce(configuration, *jail, options_);
      action = server.run();
    }
    if (action == ExitAction::restart) restart(std::move(jail), locks);
    log::info("ended");
    return action;
  }

  /// What is left to do when nothing of the server is there any more: the exit code, or another program in our place.
  int obey(ExitAction action) const {
    if (action == ExitAction::down) return hand_over("DOWN", "-hc", options_.halt_command);
    if (action == ExitAction::reboot) return hand_over("REBOOT", "-rc", options_.reboot_command);
    return action == ExitAction::fail ? 1 : 0;
  }

  static int hand_over(const char* request, const char* option, const std::string& command) {
    log::info("{} request from the server", request);
    if (command.empty()) {
      log::warning("no command was given for this ({})", option);
      return 0;
    }
    try {
      replace_by_command(command);
    } catch (const SysError& error) {
      log::error("{}", error.what());
    }
    return 1;
  }

  void check_reload() const {
    config::Diagnostics diagnostics;
    load_configuration(options_, diagnostics);
  }

  void reopen_log(const Configuration& configuration) const {
    if (!options_.is_slave && !options_.is_daemon && !options_.is_restarted) {
      return log::info("the log is standard error, there is no file to open again");
    }
    try {
      redirect_to_log(log_path(configuration));
      log::info("log opened again");
    } catch (const Error& error) {
      log::error("the old log stays in use: {}", error.what());
    }
  }

  /// The same pid, the same log and, since we may not be root any more, the same broker.
  [[noreturn]] void restart(std::unique_ptr<jail::Jail> jail, std::vector<FileLock>& locks) const {
    std::vector<std::string> argv{"ej-compile"};
    for (std::string& argument : restart_arguments(options_)) argv.push_back(std::move(argument));
    UniqueFd broker;
    if (was_root()) {
      broker = jail->release();
      argv.push_back(fmt::format("--jail-fd={}", broker.get()));
    }
    jail.reset();
    for (int fd : {options_.xml_fd, broker.get()}) {
      if (fd >= 0 && ::fcntl(fd, F_SETFD, 0) != 0) throw SysError("keep descriptor", std::to_string(fd));
    }
    locks.clear();
    log::info("restarting");
    replace_process(program_, argv);
  }

  /// Started as root and given that up: the broker is root's and could not be started again.
  bool was_root() const { return ::geteuid() != 0 && (!options_.user.empty() || options_.jail_fd >= 0); }

  /// A broker of root's learns whom it will serve after a restart.
  std::unique_ptr<jail::Jail> make_jail(const Configuration& configuration, const std::optional<UserIds>& user) const {
    jail::JailConfig config = jail_config(configuration, options_);
    if (user) config.later = {user->uid, user->gid, groups_of(*user)};
    if (options_.jail_fd < 0) return std::make_unique<jail::Jail>(config);
    return std::make_unique<jail::Jail>(config, UniqueFd{options_.jail_fd});
  }

  const Options& options_;
  std::string program_;
};

}  // namespace

int launch(const Options& options) {
  // The log and the start banner may be pipes that nobody reads any more, and who started us may have limited the size
  // of files: both are errors of a write, not reasons to die.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  return Launcher(options).run();
}

}  // namespace ejf::server
