// SPDX-License-Identifier: Apache-2.0
#include "compile/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::compile {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class ArchiveTest : public testing::Test {
 protected:
  void add(Archive& archive, const std::string& name, const std::string& content) const {
    UniqueFd file = make_file(content);
    archive.add(name, file.get(), content.size());
  }

  /// On a real file system, not in memory: the copy in the kernel is tried.
  UniqueFd make_file(const std::string& content) const {
    write_file_at(place_.fd(), "member", content, 0600);
    UniqueFd file = open_at(place_.fd(), "member", O_RDONLY);
    try_unlink_at(place_.fd(), "member");
    return file;
  }

  static std::size_t open_descriptors() {
    UniqueFd list = open_directory("/proc/self/fd");
    return list_directory(list.get()).size();
  }

  TempDir place_{testing::TempDir(), "archive-test."};
};

/// Few descriptors may be open while this lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(std::size_t most) {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit lowered{.rlim_cur = most, .rlim_max = before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

struct Found {
  std::string content;
  unsigned mode = 0;
  unsigned method = 0;
};

/// What libzip finds in an archive, by name; checks the sums on the way.
std::map<std::string, Found> unpack(const UniqueFd& file) {
  std::map<std::string, Found> out;
  int error = 0;
  std::unique_ptr<zip_t, decltype(&zip_discard)> zip(zip_fdopen(file.duplicate().release(), ZIP_CHECKCONS, &error),
                                                     &zip_discard);
  EXPECT_NE(zip, nullptr) << "error " << error;
  if (!zip) return out;
  const zip_int64_t count = zip_get_num_entries(zip.get(), 0);
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat;
    EXPECT_EQ(zip_stat_index(zip.get(), i, 0, &stat), 0);
    Found found;
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    EXPECT_EQ(zip_file_get_external_attributes(zip.get(), i, 0, &system, &attributes), 0);
    EXPECT_EQ(system, ZIP_OPSYS_UNIX);
    found.mode = attributes >> 16;
    found.method = stat.comp_method;
    found.content.resize(stat.size + 1);
    std::unique_ptr<zip_file_t, decltype(&zip_fclose)> member(zip_fopen_index(zip.get(), i, 0), &zip_fclose);
    EXPECT_NE(member, nullptr);
    if (!member) return out;
    const zip_int64_t n = zip_fread(member.get(), found.content.data(), found.content.size());
    EXPECT_EQ(n, static_cast<zip_int64_t>(stat.size)) << stat.name;
    found.content.resize(stat.size);
    EXPECT_TRUE(out.emplace(stat.name, std::move(found)).second) << stat.name;
  }
  return out;
}

TEST_F(ArchiveTest, GivesBackWhatWasPutIn) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 300000; ++i) noise += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
  const std::string zeros(1U << 20, '\0');
  Archive archive;
  add(archive, "000001_001.exe", "first");
  add(archive, "000001_002.exe", noise);
  add(archive, "000001_003.exe", "");
  add(archive, "000001_004.exe", zeros);
  EXPECT_EQ(archive.content_size(), 5 + noise.size() + zeros.size());
  const UniqueFd file = archive.finish();
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 0);
  EXPECT_LT(stat_fd(file.get(), "zip").st_size, 320000) << "it is compressed";

  auto found = unpack(file);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found["000001_001.exe"].content, "first");
  EXPECT_EQ(found["000001_002.exe"].content, noise);
  EXPECT_EQ(found["000001_003.exe"].content, "");
  EXPECT_EQ(found["000001_004.exe"].content, zeros);
  for (const auto& [name, member] : found) EXPECT_EQ(member.mode, S_IFREG | 0755U) << name;
  EXPECT_EQ(found["000001_004.exe"].method, unsigned{ZIP_CM_DEFLATE});
}

TEST_F(ArchiveTest, KeepsTheModeThatIsGiven) {
  Archive archive;
  UniqueFd file = make_file("{}");
  archive.add("a.json", file.get(), 2, 0644);
  EXPECT_EQ(unpack(archive.finish())["a.json"].mode, S_IFREG | 0644U);
}

TEST_F(ArchiveTest, NeedsFewDescriptorsForManyMembers) {
  constexpr int k_members = 3000;
  const std::size_t before = open_descriptors();
  Archive archive;
  for (int i = 1; i <= k_members; ++i) {
    UniqueFd file = make_memory_file("member", fmt::format("executable {}", i));
    archive.add(fmt::format("{:06}_{:03}", 7, i), file.get(),
                static_cast<std::uint64_t>(stat_fd(file.get(), "member").st_size));
  }
  EXPECT_LE(open_descriptors(), before + 1);
  const UniqueFd file = [&] {
    const DescriptorLimit few(before + 16);
    return archive.finish();
  }();
  EXPECT_LE(open_descriptors(), before + 1);
  auto found = unpack(file);
  ASSERT_EQ(found.size(), std::size_t{k_members});
  for (int i = 1; i <= k_members; ++i) {
    EXPECT_EQ(found[fmt::format("{:06}_{:03}", 7, i)].content, fmt::format("executable {}", i));
  }
}

TEST_F(ArchiveTest, IsEqualForEqualMembers) {
  std::vector<std::string> archives;
  for (const char* zone : {"UTC", "America/New_York"}) {
    Archive archive;
    ::setenv("TZ", zone, 1);
    ::tzset();
    add(archive, "a", "content");
    add(archive, "b", std::string(100000, 'b'));
    archives.push_back(read_all(archive.finish().get(), 1U << 20, "a zip"));
  }
  ::unsetenv("TZ");
  ::tzset();
  EXPECT_FALSE(archives[0].empty());
  EXPECT_TRUE(archives[0] == archives[1]);
}

TEST_F(ArchiveTest, ReadsFromTheStartWhereverTheDescriptorStands) {
  for (bool on_disk : {true, false}) {
    UniqueFd file = on_disk ? make_file("0123456789") : make_memory_file("member", "0123456789");
    ASSERT_EQ(::lseek(file.get(), 4, SEEK_SET), 4);
    Archive archive;
    archive.add("all", file.get(), 10);
    archive.add("part", file.get(), 3);
    EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 4);
    auto found = unpack(archive.finish());
    EXPECT_EQ(found["all"].content, "0123456789");
    EXPECT_EQ(found["part"].content, "012");
  }
}

std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(ArchiveTest, NamesTheMemberThatFails) {
  Archive archive;
  UniqueFd file = make_file("abc");
  EXPECT_EQ(complaint([&] { archive.add("short", file.get(), 4); }), "zip member 'short': has 3 bytes instead of 4");
  UniqueFd directory = open_directory(place_.path());
  EXPECT_THAT(complaint([&] { archive.add("dir", directory.get(), 1); }), HasSubstr("dir: Is a directory"));
  EXPECT_EQ(archive.content_size(), 0U) << "what failed does not count";
  archive.add("twice", file.get(), 3);
  archive.add("twice", file.get(), 3);
  EXPECT_THAT(complaint([&] { archive.finish(); }), HasSubstr("zip member 'twice': File already exists"));
}

TEST_F(ArchiveTest, IsNeverEmpty) {
  Archive archive;
  EXPECT_EQ(complaint([&] { archive.finish(); }), "nothing to put into a zip");
}

}  // namespace
}  // namespace ejf::compile
