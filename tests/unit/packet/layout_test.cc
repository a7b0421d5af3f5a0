// SPDX-License-Identifier: Apache-2.0
// The computed layouts against the offsets that were read off the releases, written down one by one.
#include <gtest/gtest.h>

#include <map>

#include "packet/codec.h"

namespace ejf::packet {
namespace {

/// A field and its offset in every version; -1 where the version lacks it.
template <std::size_t N>
struct Row {
  std::string_view name;
  std::array<int, N> offsets;
};

//                                                     v6   v7   v8  v11  v12  v13  v14  v16  v18
constexpr Row<9> k_request_rows[] = {
    {"judge_id", {8, 8, 8, 8, 8, 8, 8, 8, 8}},
    {"contest_id", {12, 12, 12, 12, 12, 12, 12, 12, 12}},
    {"run_id", {16, 16, 16, 16, 16, 16, 16, 16, 16}},
    {"lang_id", {20, 20, 20, 20, 20, 20, 20, 20, 20}},
    {"locale_id", {24, 24, 24, 24, 24, 24, 24, 24, 24}},
    {"output_only", {28, 28, 28, 28, 28, 28, 28, 28, 28}},
    {"submit_id", {-1, -1, -1, 32, 32, 32, 32, 32, 32}},
    {"max_vm_size", {32, 32, 32, 40, 40, 40, 40, 40, 40}},
    {"max_stack_size", {40, 40, 40, 48, 48, 48, 48, 48, 48}},
    {"max_file_size", {48, 48, 48, 56, 56, 56, 56, 56, 56}},
    {"max_rss_size", {-1, -1, 56, 64, 64, 64, 64, 64, 64}},
    {"style_check_only", {56, 56, 64, 72, 72, 72, 72, 72, 72}},
    {"ts1", {60, 60, 68, 76, 76, 76, 76, 76, 76}},
    {"ts1_us", {64, 64, 72, 80, 80, 80, 80, 80, 80}},
    {"style_checker", {68, 68, 76, 84, 84, 84, 84, 84, 84}},
    {"src_sfx", {72, 72, 80, 88, 88, 88, 88, 88, 88}},
    {"run_block", {76, 76, 84, 92, 92, 92, 92, 92, 92}},
    {"env", {80, 80, 88, 96, 96, 96, 96, 96, 96}},
    {"sc_env", {84, 84, 92, 100, 100, 100, 100, 100, 100}},
    {"use_uuid", {88, 88, 96, 104, 104, 104, 104, 104, 104}},
    {"use_container", {-1, -1, 100, 108, 108, 108, 108, 108, 108}},
    {"vcs_mode", {-1, -1, -1, 112, 112, 112, 112, 112, 112}},
    {"not_ok_is_cf", {-1, -1, -1, -1, 116, 116, 116, 116, 116}},
    {"preserve_numbers", {-1, -1, -1, -1, -1, -1, -1, 120, 120}},
    {"enable_remote_cache", {-1, -1, -1, -1, -1, -1, -1, 124, 124}},
    {"enable_run_props", {-1, -1, -1, -1, -1, -1, -1, -1, 128}},
    {"enable_network", {-1, -1, -1, -1, -1, -1, -1, -1, 132}},
    {"uuid", {92, 92, 104, 116, 120, 120, 120, 128, 136}},
    {"judge_uuid", {-1, -1, -1, 132, 136, 136, 136, 144, 152}},
    {"multi_header", {108, 108, 120, 148, 152, 152, 152, 160, 168}},
    {"lang_header", {112, 112, 124, 152, 156, 156, 156, 164, 172}},
    {"user_id", {116, 116, 128, 156, 160, 160, 160, 168, 176}},
    {"lang_short_name", {120, 120, 132, 160, 164, 164, 164, 172, 180}},
    {"header_pat", {124, 124, 136, 164, 168, 168, 168, 176, 184}},
    {"footer_pat", {128, 128, 140, 168, 172, 172, 172, 180, 188}},
    {"header_dir", {132, 132, 144, 172, 176, 176, 176, 184, 192}},
    {"compiler_env_pat", {136, 136, 148, 176, 180, 180, 180, 188, 196}},
    {"user_login", {140, 140, 152, 180, 184, 184, 184, 192, 200}},
    {"exam_cypher", {144, 144, 156, 184, 188, 188, 188, 196, 204}},
    {"contest_server_id", {-1, 148, 160, 188, 192, 192, 192, 200, 208}},
    {"container_options", {-1, -1, 164, 192, 196, 196, 196, 204, 212}},
    {"vcs_compile_cmd", {-1, -1, -1, 196, 200, 200, 200, 208, 216}},
    {"compile_cmd", {-1, -1, -1, -1, -1, 204, 204, 212, 220}},
    {"extra_src_dir", {-1, -1, -1, -1, -1, -1, 208, 216, 224}},
};
constexpr int k_request_versions_in_rows[] = {6, 7, 8, 11, 12, 13, 14, 16, 18};
constexpr std::size_t k_request_headers[] = {160, 160, 176, 208, 208, 208, 224, 224, 240};

//                                            R80 R112A R112B R128
constexpr Row<4> k_reply_rows[] = {
    {"judge_id", {8, 8, 8, 8}},
    {"contest_id", {12, 12, 12, 12}},
    {"run_id", {16, 16, 16, 16}},
    {"status", {20, 20, 20, 20}},
    {"submit_id", {-1, 24, 24, 24}},
    {"ts1", {24, 32, 32, 32}},
    {"ts1_us", {28, 36, 36, 36}},
    {"ts2", {32, 40, 40, 40}},
    {"ts2_us", {36, 44, 44, 44}},
    {"ts3", {40, 48, 48, 48}},
    {"ts3_us", {44, 52, 52, 52}},
    {"run_block", {48, 56, 56, 56}},
    {"use_uuid", {52, 60, 60, 60}},
    {"prepended_size", {-1, -1, 64, 64}},
    {"cached_on_remote", {-1, -1, 68, 68}},
    {"has_run_props", {-1, -1, -1, 72}},
    {"zip_mode", {72, 96, 104, 76}},
    {"uuid", {56, 64, 72, 80}},
    {"judge_uuid", {-1, 80, 88, 96}},
    {"prop_sfx", {-1, -1, -1, 112}},
};
constexpr std::size_t k_reply_headers[] = {80, 112, 112, 128};

template <typename T, typename Rows>
void expect_offsets(const Layout<T>& layout, const Rows& rows, std::size_t column) {
  std::map<std::string_view, int> computed;
  for (const auto& slot : layout) {
    EXPECT_TRUE(computed.emplace(slot.field->name, slot.offset).second) << slot.field->name << " stands there twice";
  }
  for (const auto& row : rows) {
    auto found = computed.find(row.name);
    EXPECT_EQ(found == computed.end() ? -1 : found->second, row.offsets[column])
        << row.name << ", version " << layout.version;
    if (found != computed.end()) computed.erase(found);
  }
  EXPECT_TRUE(computed.empty()) << computed.begin()->first << " is in no row";
}

TEST(RequestLayout, HasTheOffsetsOfEveryRelease) {
  for (std::size_t i = 0; i < std::size(k_request_versions_in_rows); ++i) {
    const auto* layout = find_layout<CompileRequest>(k_request_versions_in_rows[i]);
    ASSERT_NE(layout, nullptr);
    EXPECT_EQ(layout->header_size, k_request_headers[i]);
    expect_offsets(*layout, k_request_rows, i);
  }
}

TEST(ReplyLayout, HasTheOffsetsOfEveryRelease) {
  constexpr std::pair<int, std::size_t> k_columns[] = {{6, 0},  {7, 0},  {8, 0},  {11, 1}, {12, 1},
                                                       {13, 1}, {14, 1}, {16, 2}, {18, 3}};
  for (auto [version, column] : k_columns) {
    const auto* layout = find_layout<CompileReply>(version);
    ASSERT_NE(layout, nullptr);
    EXPECT_EQ(layout->header_size, k_reply_headers[column]);
    expect_offsets(*layout, k_reply_rows, column);
  }
}

TEST(ReplyLayout, FollowsTheVersionOfTheRequest) {
  for (int version : {6, 7, 8}) EXPECT_EQ(reply_layout(version), ReplyLayout::r80);
  for (int version : {11, 12, 13, 14}) EXPECT_EQ(reply_layout(version), ReplyLayout::r112a);
  EXPECT_EQ(reply_layout(16), ReplyLayout::r112b);
  EXPECT_EQ(reply_layout(18), ReplyLayout::r128);
}

TEST(RequestLayout, DoesNotExistForUnreleasedVersions) {
  for (int version : {-1, 0, 1, 5, 9, 10, 15, 17, 19}) {
    EXPECT_EQ(find_layout<CompileRequest>(version), nullptr) << version;
    EXPECT_EQ(find_request_version(version), nullptr) << version;
  }
}

}  // namespace
}  // namespace ejf::packet
