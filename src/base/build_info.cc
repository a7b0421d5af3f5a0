// SPDX-License-Identifier: Apache-2.0
#include "base/build_info.h"

#include "config.h"

namespace ejf::build_info {

std::string_view version() {
  return PACKAGE_VERSION;
}
std::string_view prefix_dir() {
  return EJF_PREFIX_DIR;
}
std::string_view libexec_dir() {
  return EJF_LIBEXEC_DIR;
}
std::string_view script_dir() {
  return EJF_LIBEXEC_DIR "/ejudge";
}
std::string_view server_bin_dir() {
  return EJF_SERVER_BIN_DIR;
}
std::string_view lang_dir() {
  return EJF_LANG_DIR;
}
std::string_view contests_home_dir() {
  return EJF_DEFAULT_CONTESTS_HOME_DIR;
}
std::string_view compile_spool_dir() {
  return EJF_DEFAULT_COMPILE_SPOOL_DIR;
}
std::string_view lang_config_dir() {
  return EJF_DEFAULT_LANG_CONFIG_DIR;
}
std::string_view local_dir() {
  return EJF_DEFAULT_LOCAL_DIR;
}
std::string_view conf_dir() {
  return EJF_DEFAULT_CONF_DIR;
}
std::string_view primary_user() {
  return EJF_DEFAULT_PRIMARY_USER;
}
std::string_view exec_user() {
  return EJF_DEFAULT_EXEC_USER;
}
std::string_view compile_user() {
  return EJF_DEFAULT_COMPILE_USER;
}

}  // namespace ejf::build_info
