// SPDX-License-Identifier: Apache-2.0
#include "packet/codec.h"

#include <fmt/format.h>

#include "base/error.h"

namespace ejf::packet {

namespace {

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

/// What a range speaks of: the value of a number, the length of a text, the size of a list; empty for a UUID.
template <typename T>
std::optional<std::int64_t> measure(const Field<T>& field, const T& object) {
  using Number = std::optional<std::int64_t>;
  return std::visit(
      Overloaded{
          [&](std::int32_t T::*member) -> Number { return object.*member; },
          [&](std::int64_t T::*member) -> Number { return object.*member; },
          [&](RunStatus T::*member) -> Number { return static_cast<std::int64_t>(object.*member); },
          [&](Uuid T::*) -> Number { return {}; },
          [&](std::string T::*member) -> Number { return static_cast<std::int64_t>((object.*member).size()); },
          [&](std::vector<std::string> T::*member) -> Number {
            return static_cast<std::int64_t>((object.*member).size());
          },
      },
      field.member);
}

/// The same from the header of a packet; what stands there byte by byte has no number.
template <typename T>
std::optional<std::int64_t> measure(const Slot<T>& slot, std::string_view packet) {
  const std::size_t size = slot.field->slot_size();
  const char* from = packet.data() + slot.offset;
  if (size == sizeof(std::int32_t)) return load_i32(from);
  if (size == sizeof(std::int64_t)) return load_i64(from);
  return {};
}

template <typename T>
std::string_view measured_thing(const Field<T>& field) {
  if (std::holds_alternative<std::string T::*>(field.member)) return "length of ";
  if (field.string_list() != nullptr) return "number of strings in ";
  return "";
}

template <typename T>
std::string allowed(const Field<T>& field) {
  if (std::holds_alternative<RunStatus T::*>(field.member)) return "0, 1, 6 or 14";
  if (field.max >= std::numeric_limits<std::int32_t>::max()) return fmt::format("{} or more", field.min);
  return fmt::format("{}..{}", field.min, field.max);
}

template <typename T>
std::optional<BadField> check_number(const Slot<T>& slot, std::int64_t number, const T& object) {
  const Field<T>& field = *slot.field;
  if (field.is_checked != nullptr && !field.is_checked(object)) return {};
  const bool is_good = std::holds_alternative<RunStatus T::*>(field.member)
                           ? is_run_status(number)
                           : field.min <= number && number <= field.max;
  if (is_good) return {};
  return BadField{fmt::format("{}{} (offset {}) is {}, allowed: {}", measured_thing(field), field.name, slot.offset,
                              number, allowed(field))};
}

template <typename T>
BadField cut_off(const Slot<T>& slot, std::int64_t wanted, const ByteReader& reader) {
  return {fmt::format("{} (offset {}) needs {} bytes at {}, but {} are left", slot.field->name, slot.offset, wanted,
                      reader.position(), reader.left())};
}

/// The strings of a list. Nothing is allocated for a length before the bytes of all lengths were seen to be there.
template <typename T>
std::optional<BadField> read_list(const Slot<T>& slot, std::string_view packet, ByteReader& reader,
                                  std::vector<std::string>& into) {
  const std::size_t number = static_cast<std::uint32_t>(load_i32(packet.data() + slot.offset));
  if (number == 0) return {};
  const std::size_t array_size = number * sizeof(std::int32_t);
  std::optional<std::string_view> array;
  if (!reader.align(k_block) || !(array = reader.take(array_size)) || !reader.align(k_block)) {
    return cut_off(slot, static_cast<std::int64_t>(array_size), reader);
  }
  ByteReader lengths(*array);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < number; ++i) {
    const std::int64_t length = load_i32(array->data() + i * sizeof(std::int32_t));
    if (length < 0 || length > k_max_string_length) {
      return BadField{
          fmt::format("length of {}[{}] is {}, allowed: 0..{}", slot.field->name, i, length, k_max_string_length)};
    }
    sum += length;
  }
  if (static_cast<std::size_t>(sum) > reader.left()) return cut_off(slot, sum, reader);
  into.reserve(number);
  while (auto length = lengths.i32()) into.emplace_back(*reader.take(static_cast<std::size_t>(*length)));
  return {};
}

template <typename T>
void write_slot(const Field<T>& field, const T& object, ByteWriter& writer) {
  std::visit(
      Overloaded{
          [&](std::int32_t T::*member) { writer.i32(object.*member); },
          [&](std::int64_t T::*member) { writer.i64(object.*member); },
          [&](RunStatus T::*member) { writer.i32(static_cast<std::int32_t>(object.*member)); },
          [&](Uuid T::*member) { writer.bytes((object.*member).view()); },
          [&](std::string T::*member) {
            const std::string& text = object.*member;
            if (field.inline_size == 0) return writer.i32(static_cast<std::int32_t>(text.size()));
            writer.bytes(text);
            writer.zeros(field.inline_size - text.size());
          },
          [&](std::vector<std::string> T::*member) { writer.i32(static_cast<std::int32_t>((object.*member).size())); },
      },
      field.member);
}

template <typename T>
std::optional<BadField> write_list(const Slot<T>& slot, const std::vector<std::string>& strings, ByteWriter& writer) {
  for (const auto& text : strings) {
    if (text.size() > static_cast<std::size_t>(k_max_string_length)) {
      return BadField{fmt::format("a string of {} has {} bytes, allowed: 0..{}", slot.field->name, text.size(),
                                  k_max_string_length)};
    }
    writer.i32(static_cast<std::int32_t>(text.size()));
  }
  writer.align(k_block);
  for (const auto& text : strings) writer.bytes(text);
  writer.align(k_block);
  return {};
}

}  // namespace

std::optional<BadField> check_frame(std::string_view packet) {
  const std::size_t size = packet.size();
  if (size < k_prefix_size) return BadField{fmt::format("{} bytes are too few for a packet", size)};
  if (size > k_max_packet_size) return BadField{fmt::format("{} bytes are more than {}", size, k_max_packet_size)};
  const std::int64_t packet_len = load_i32(packet.data());
  if (packet_len != static_cast<std::int64_t>(size)) {
    return BadField{fmt::format("packet_len (offset 0) is {}, but there are {} bytes", packet_len, size)};
  }
  if (size % k_block != 0) return BadField{fmt::format("packet_len (offset 0) is {}, not a multiple of 16", size)};
  return {};
}

ByteReader reader_behind_header(std::string_view packet, std::size_t header_size) {
  ByteReader reader(packet);
  const auto header = reader.take(header_size);
  EJF_CHECK(header.has_value());
  return reader;
}

template <typename T>
void load_slot(const Slot<T>& slot, std::string_view packet, T& into) {
  const char* from = packet.data() + slot.offset;
  std::visit(Overloaded{
                 [&](std::int32_t T::*member) { into.*member = load_i32(from); },
                 [&](std::int64_t T::*member) { into.*member = load_i64(from); },
                 [&](RunStatus T::*member) { into.*member = static_cast<RunStatus>(load_i32(from)); },
                 [&](Uuid T::*member) {
                   into.*member = Uuid::from_bytes({from, sizeof(Uuid::bytes)});
                 },
                 [&](std::string T::*member) {
                   // Empty for a text behind the header: read_text fills it.
                   const std::string_view text{from, slot.field->inline_size};
                   into.*member = text.substr(0, text.find_last_not_of('\0') + 1);
                 },
                 [](std::vector<std::string> T::*) {},
             },
             slot.field->member);
}

template <typename T>
std::optional<BadField> read_text(const Slot<T>& slot, std::string_view packet, ByteReader& reader, T& into) {
  const auto member = slot.field->outlying_text();
  if (member == nullptr) return {};
  const std::int32_t length = load_i32(packet.data() + slot.offset);
  if (length == 0) return {};
  // A negative length becomes one that no packet has.
  std::optional<std::string_view> text;
  if (!reader.align(k_block) || !(text = reader.take(static_cast<std::size_t>(length)))) {
    return cut_off(slot, length, reader);
  }
  into.*member = *text;
  return {};
}

template <typename T>
Result<T, BadField> read_packet(std::string_view packet, const Layout<T>& layout) {
  T object;
  for (const auto& slot : layout) {
    auto number = measure(slot, packet);
    auto bad = number ? check_number(slot, *number, object) : std::nullopt;
    if (bad) return fail(std::move(*bad));
    load_slot(slot, packet, object);
  }
  ByteReader reader = reader_behind_header(packet, layout.header_size);
  for (const auto& slot : layout) {
    if (auto bad = read_text(slot, packet, reader, object)) return fail(std::move(*bad));
  }
  for (const auto& slot : layout) {
    const auto member = slot.field->string_list();
    if (member == nullptr) continue;
    if (auto bad = read_list(slot, packet, reader, object.*member)) return fail(std::move(*bad));
  }
  if (!reader.align(k_block) || reader.left() != 0) {
    return fail(BadField{
        fmt::format("{} bytes are behind the last field, which ends at {}", reader.left(), reader.position())});
  }
  return object;
}

template <typename T>
Result<std::string, BadField> write_packet(const T& object, const Layout<T>& layout, std::int32_t version_field) {
  ByteWriter writer;
  writer.i32(0);  // packet_len, when it is known
  writer.i32(version_field);
  for (const auto& slot : layout) {
    auto number = measure(*slot.field, object);
    auto bad = number ? check_number(slot, *number, object) : std::nullopt;
    if (bad) return fail(std::move(*bad));
    write_slot(*slot.field, object, writer);
  }
  writer.align(k_block);
  for (const auto& slot : layout) {
    const auto member = slot.field->outlying_text();
    if (member == nullptr) continue;
    writer.bytes(object.*member);
    writer.align(k_block);
  }
  for (const auto& slot : layout) {
    const auto member = slot.field->string_list();
    if (member == nullptr) continue;
    if (auto bad = write_list(slot, object.*member, writer)) return fail(std::move(*bad));
  }
  if (writer.size() > k_max_packet_size) {
    return fail(
        BadField{fmt::format("the packet would have {} bytes, more than {}", writer.size(), k_max_packet_size)});
  }
  writer.patch_i32(0, static_cast<std::int32_t>(writer.size()));
  return std::move(writer).take();
}

template void load_slot(const Slot<CompileRequest>&, std::string_view, CompileRequest&);
template std::optional<BadField> read_text(const Slot<CompileRequest>&, std::string_view, ByteReader&, CompileRequest&);
template Result<CompileRequest, BadField> read_packet(std::string_view, const Layout<CompileRequest>&);
template Result<CompileReply, BadField> read_packet(std::string_view, const Layout<CompileReply>&);
template Result<std::string, BadField> write_packet(const CompileRequest&, const Layout<CompileRequest>&, std::int32_t);
template Result<std::string, BadField> write_packet(const CompileReply&, const Layout<CompileReply>&, std::int32_t);

}  // namespace ejf::packet
