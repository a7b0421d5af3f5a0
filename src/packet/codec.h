// SPDX-License-Identifier: Apache-2.0
// How both packets are built, and the table from which reading, writing, describing and JSON all follow.
//
//   offset 0            packet_len, i32: the size of the file, a multiple of 16, at most 65536
//          4            version, i32
//          8            the header slots of the fields that the version has, in table order, without gaps:
//                       numbers 4 or 8 bytes, UUIDs 16, texts their length (i32), lists how many strings (i32)
//          ...          zeros up to a multiple of 16: the header size
//          header size  the texts with length > 0 in table order, each zero-filled to a multiple of 16
//          ...          the lists with number > 0: an array of i32 lengths, zero-filled to 16, then all strings without
//                       anything between them, zero-filled to 16
//          packet_len
//
// So a table of fields in the order of their slots, each with the versions that have it, fixes every offset of every
// version; the layouts are computed from it when this is compiled.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/uuid.h"
#include "packet/compile_reply.h"
#include "packet/compile_request.h"

namespace ejf::packet {

inline constexpr std::size_t k_block = 16;
inline constexpr std::size_t k_max_packet_size = 65536;
inline constexpr std::size_t k_prefix_size = 8;  // packet_len, version
inline constexpr std::size_t k_version_offset = 4;
inline constexpr std::int64_t k_max_judge_id = 65535;
inline constexpr std::int64_t k_max_contest_id = 999999;
inline constexpr std::int64_t k_max_run_id = 999999;
inline constexpr std::int64_t k_max_usec = 999999;
inline constexpr std::int64_t k_max_run_block_size = 65536;
inline constexpr std::int64_t k_max_string_length = 65535;  // of one string of a list

/// How a value is shown to people.
enum class Show { plain, size, time, hex };

/// One row of a packet's table.
template <typename T>
struct Field {
  using Member = std::variant<std::int32_t T::*, std::int64_t T::*, RunStatus T::*, Uuid T::*, std::string T::*,
                              std::vector<std::string> T::*>;

  std::string_view name;
  Member member;
  /// Allowed: the value of a number, the length of a text, how many strings a list has.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::int32_t first_version = k_oldest_version;
  std::int32_t last_version = k_newest_version;
  bool (*is_checked)(const T&) = nullptr;  ///< null: always
  std::size_t inline_size = 0;             ///< of a text that stands in the header itself, NUL-padded
  Show show_as = Show::plain;

  constexpr Field(std::string_view field_name, Member field_member) : name(field_name), member(field_member) {}

  constexpr Field within(std::int64_t low, std::int64_t high) const {
    Field field = *this;
    field.min = low;
    field.max = high;
    return field;
  }
  constexpr Field since(std::int32_t version) const {
    Field field = *this;
    field.first_version = version;
    return field;
  }
  constexpr Field until(std::int32_t version) const {
    Field field = *this;
    field.last_version = version;
    return field;
  }
  constexpr Field checked_if(bool (*condition)(const T&)) const {
    Field field = *this;
    field.is_checked = condition;
    return field;
  }
  constexpr Field in_header(std::size_t size) const {
    Field field = within(0, static_cast<std::int64_t>(size));
    field.inline_size = size;
    return field;
  }
  constexpr Field shown_as(Show show) const {
    Field field = *this;
    field.show_as = show;
    return field;
  }

  constexpr bool is_in(std::int32_t version) const { return first_version <= version && version <= last_version; }
  constexpr std::size_t slot_size() const {
    if (inline_size != 0) return inline_size;
    if (std::holds_alternative<Uuid T::*>(member)) return sizeof(Uuid::bytes);
    if (std::holds_alternative<std::int64_t T::*>(member)) return sizeof(std::int64_t);
    return sizeof(std::int32_t);
  }
  /// The member, if it is a text whose bytes stand behind the header; null for all else.
  constexpr std::string T::*outlying_text() const {
    const auto* text = std::get_if<std::string T::*>(&member);
    return text != nullptr && inline_size == 0 ? *text : nullptr;
  }
  /// The member, if it is a list of strings; else null.
  constexpr std::vector<std::string> T::*string_list() const {
    const auto* list = std::get_if<std::vector<std::string> T::*>(&member);
    return list != nullptr ? *list : nullptr;
  }
};

/// A field and the place of its slot in one version.
template <typename T>
struct Slot {
  const Field<T>* field = nullptr;
  std::size_t offset = 0;
};

/// One version of a packet. A range of its slots.
template <typename T>
struct Layout {
  std::int32_t version = 0;
  std::size_t header_size = 0;
  std::size_t count = 0;
  std::array<Slot<T>, 48> slots{};

  constexpr const Slot<T>* begin() const { return slots.data(); }
  constexpr const Slot<T>* end() const { return slots.data() + count; }
};

template <typename T>
using Layouts = std::array<Layout<T>, k_request_versions.size()>;

/// Puts the fields one behind the other, for every version.
template <typename T, std::size_t N>
constexpr Layouts<T> lay_out(const std::array<Field<T>, N>& fields) {
  Layouts<T> layouts;
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    Layout<T>& layout = layouts[i];
    layout.version = k_request_versions[i].number;
    std::size_t offset = k_prefix_size;
    for (const Field<T>& field : fields) {
      if (!field.is_in(layout.version)) continue;
      layout.slots[layout.count++] = {&field, offset};
      offset += field.slot_size();
    }
    layout.header_size = align_up(offset, k_block);
  }
  return layouts;
}

/// All layouts of a packet; defined beside its table.
template <typename T>
const Layouts<T>& layouts_of();
template <>
const Layouts<CompileRequest>& layouts_of();
template <>
const Layouts<CompileReply>& layouts_of();

/// Null for an unknown request version.
template <typename T>
const Layout<T>* find_layout(std::int32_t request_version) {
  for (const Layout<T>& layout : layouts_of<T>()) {
    if (layout.version == request_version) return &layout;
  }
  return nullptr;
}

struct BadField {
  std::string message;
};

/// What is wrong with the size or packet_len; empty if nothing. Nothing is loaded from a packet without a prefix.
std::optional<BadField> check_frame(std::string_view packet);

/// A reader that stands behind the header, which `packet` must have.
ByteReader reader_behind_header(std::string_view packet, std::size_t header_size);

/// The functions below exist for CompileRequest and CompileReply. In all of them `packet` has a whole header.

/// Numbers, UUIDs and inline texts, without any check.
template <typename T>
void load_slot(const Slot<T>& slot, std::string_view packet, T& into);

/// The text of `slot`, from `reader`, which stands behind the texts before it. Takes no more than there is.
template <typename T>
std::optional<BadField> read_text(const Slot<T>& slot, std::string_view packet, ByteReader& reader, T& into);

/// All of a packet whose frame was checked.
template <typename T>
Result<T, BadField> read_packet(std::string_view packet, const Layout<T>& layout);

template <typename T>
Result<std::string, BadField> write_packet(const T& object, const Layout<T>& layout, std::int32_t version_field);

}  // namespace ejf::packet
