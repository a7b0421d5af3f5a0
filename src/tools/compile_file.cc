// SPDX-License-Identifier: Apache-2.0
// ejforge compile: the server's way of compiling one file, without spool and server.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <cstdio>
#include <exception>

#include "base/error.h"
#include "base/files.h"
#include "compile/compiler.h"
#include "jail/jail.h"
#include "server/configuration.h"
#include "server/workshop.h"
#include "tools/commands.h"
#include "tools/options.h"
#include "tools/result_view.h"

namespace ejf::tools {

namespace {

namespace asio = boost::asio;

compile::CompileOutcome compile_once(const server::Configuration& configuration, const server::Options& options,
                                     const packet::CompileRequest& request, UniqueFd source) {
  jail::Jail jail(server::jail_config(configuration, options));
  asio::io_context loop{1};
  compile::AsyncJail async_jail(loop.get_executor(), jail);
  compile::SlotPool slots(loop.get_executor(), 1);
  asio::thread_pool pool{1};
  compile::Workshop workshop = server::make_workshop(configuration, async_jail, slots, pool, options.use_jail);
  compile::CompileOutcome outcome;
  std::exception_ptr failure;
  asio::co_spawn(loop, compile::compile_request(workshop, request, std::move(source)),
                 [&](const std::exception_ptr& thrown, compile::CompileOutcome made) {
                   failure = thrown;
                   outcome = std::move(made);
                   loop.stop();
                 });
  loop.run();
  if (failure) std::rethrow_exception(failure);
  return outcome;
}

void save_executable(const compile::CompileOutcome& outcome, const std::string& path) {
  UniqueFd out = open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  if (::lseek(outcome.executable.get(), 0, SEEK_SET) < 0) throw SysError("seek", path);
  copy_all(outcome.executable.get(), out.get(), path);
}

}  // namespace

int run_compile(const Arguments& arguments) {
  namespace po = boost::program_options;
  po::options_description options = site_options();
  auto add = options.add_options();
  add("lang,l", po::value<std::string>(), "short name or id of the language; else by the file's suffix");
  add("output,o", po::value<std::string>(), "copy the executable here");
  add("env,e", po::value<Arguments>()->default_value({}, ""), "NAME=VALUE for the compile script");
  add("no-jail", "run the compiler without a jail (dangerous)");
  add("json", "print JSON");
  po::variables_map values;
  const std::string usage = "ejforge compile FILE [OPTIONS]";
  if (parse(arguments, usage, options, values)) return k_done;
  const Arguments& files = words(values);
  if (files.size() != 1) throw UsageError("Usage: " + usage);

  server::Options where = server_options(values);
  where.use_jail = values.count("no-jail") == 0;
  where.slots = 1;
  // Beside a running server: another set of uids and cgroups than its slots have.
  where.serial = server::k_first_free_serial + static_cast<unsigned>(::getpid());
  config::Diagnostics diagnostics;
  const server::Configuration configuration = server::load_configuration(where, diagnostics);
  const auto& language = choose_language(configuration.compile_cfg, value_of(values, "lang"), files[0]);
  packet::CompileRequest request;
  request.contest_id = 1;
  request.lang_id = language.id;
  request.src_sfx = language.src_sfx;
  request.env = values["env"].as<Arguments>();

  auto outcome = compile_once(configuration, where, request, open_at(AT_FDCWD, files[0], O_RDONLY));
  ResultView view = make_view(language, outcome.status, outcome.log);
  view.compile_time = outcome.real_time;
  if (outcome.executable) {
    view.executable_size = outcome.executable_size;
    view.executable_path = value_of(values, "output");
    if (!view.executable_path.empty()) save_executable(outcome, view.executable_path);
  }
  values.count("json") != 0 ? print_result_json(view) : print_result(view);
  return exit_code(view.status);
}

}  // namespace ejf::tools
