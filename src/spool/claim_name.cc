// SPDX-License-Identifier: Apache-2.0
#include "spool/claim_name.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "base/uuid.h"

namespace ejf::spool {

namespace {

constexpr std::string_view k_head = "ejf,";
constexpr std::string_view k_instance_head = ".instance-";
constexpr std::size_t k_max_host = 64;  // nodename of uname(2)
constexpr std::size_t k_digits = 16;
constexpr std::size_t k_boot_digits = 8;
constexpr std::string_view k_states = "cds";     // in the order of ClaimState
constexpr std::string_view k_claimed = "c1234";  // by the number of crashes
constexpr char k_given_up = 'k';
static_assert(k_claimed.size() == k_most_crashes + 1);
static_assert(k_head.size() + 2 + k_max_host + 1 + k_digits + 1 + k_max_packet_name == 255);

bool is_host_char(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
}

bool is_hex_digit(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_instance(std::string_view text) noexcept {
  auto comma = text.find(',');
  if (comma == std::string_view::npos || comma == 0 || comma > k_max_host) return false;
  std::string_view digits = text.substr(comma + 1);
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(comma), is_host_char) &&
         digits.size() == k_digits && std::all_of(digits.begin(), digits.end(), is_hex_digit);
}

}  // namespace

std::string why_given_up() {
  return fmt::format("The compile server crashed {} times while it had this request.", k_given_up_after);
}

std::string ClaimName::text() const {
  char letter = k_states.at(static_cast<std::size_t>(state));
  if (state == ClaimState::claimed) letter = k_claimed.at(static_cast<std::size_t>(crashes));
  if (state == ClaimState::delivering && crashes >= k_given_up_after) letter = k_given_up;
  return fmt::format("{}{},{},{}", k_head, letter, instance, packet);
}

std::string_view ClaimName::host() const {
  return host_of_instance(instance);
}

std::optional<ClaimName> ClaimName::parse(std::string_view name) {
  if (!name.starts_with(k_head)) return {};
  name.remove_prefix(k_head.size());
  if (name.size() < 2 || name[1] != ',') return {};
  ClaimName claim;
  if (const auto crashes = k_claimed.find(name[0]); crashes != std::string_view::npos) {
    claim.crashes = static_cast<int>(crashes);
  } else if (const auto state = k_states.find(name[0]); state != std::string_view::npos) {
    claim.state = static_cast<ClaimState>(state);
  } else if (name[0] == k_given_up) {
    claim.state = ClaimState::delivering;
    claim.crashes = k_given_up_after;
  } else {
    return {};
  }
  name.remove_prefix(2);
  auto host_end = name.find(',');
  if (host_end == std::string_view::npos) return {};
  const std::size_t instance_size = host_end + 1 + k_digits;
  if (name.size() <= instance_size || name[instance_size] != ',') return {};
  std::string_view instance = name.substr(0, instance_size);
  std::string_view packet = name.substr(instance_size + 1);
  if (!is_instance(instance) || !is_plain_name(packet) || packet.size() > k_max_packet_name) return {};
  claim.instance = instance;
  claim.packet = packet;
  return claim;
}

std::string instance_file_name(std::string_view instance) {
  return fmt::format("{}{}", k_instance_head, instance);
}

std::optional<std::string> parse_instance_file_name(std::string_view name) {
  if (!name.starts_with(k_instance_head)) return {};
  name.remove_prefix(k_instance_head.size());
  if (!is_instance(name)) return {};
  return std::string{name};
}

std::string_view host_of_instance(std::string_view instance) {
  return instance.substr(0, instance.find(','));
}

std::string_view boot_of_instance(std::string_view instance) {
  return instance.substr(instance.find(',') + 1).substr(0, k_boot_digits);
}

std::string this_boot() {
  // random(4): a UUID of version 4, so that its first digits are as random as any.
  constexpr std::size_t k_uuid_line = 64;
  return read_file("/proc/sys/kernel/random/boot_id", k_uuid_line).substr(0, k_boot_digits);
}

std::string make_instance(std::string_view host) {
  std::string instance = fmt::format("{},{}{:08x}", host, this_boot(), random_u64() & 0xffffffffU);
  EJF_CHECK(is_instance(instance));
  return instance;
}

std::string node_name() {
  utsname names{};
  if (::uname(&names) != 0) throw SysError("uname", "");
  std::string name{std::string_view{names.nodename}.substr(0, k_max_host)};
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_host_char(c); }, '_');
  return name.empty() ? "localhost" : name;
}

}  // namespace ejf::spool
