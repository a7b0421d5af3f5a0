// SPDX-License-Identifier: Apache-2.0
#include "lang/own_language.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "lang/templates.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_name = 31;   // ejudge's, like that of suffixes
constexpr std::size_t k_max_text = 255;  // ejudge cuts settings at about 1000 bytes
constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// What is between two @ signs is filled in here, but for @lang_config_dir@ and its kin, which the configurator
// replaces.

constexpr std::string_view k_version_head = R"(#!/bin/sh
# @long_name_line@: looks for the @kind@. ejudge-configure-compilers makes the script
# @name@-version of this template, and runs it. Its options:
#     -v -r [PATH]    finds the @kind@ and prints the settings of the language, which
#                     become lang.d/@name@.cfg
#     -l | -p | -f    says what it is, where it is, its name and version
# What is common to all languages is in ejf-probe and ejf-lang, beside the scripts.

# shellcheck source=ejf-probe
. "${0%/*}/ejf-probe"

# about      what ejudge-configure-compilers --list says
# long_name  what contestants see, without a version
# src_sfx    suffix of a source; exe_sfx, if there is one, that of an executable
# arch       how ejudge runs the executable: linux-shared for what is linked with
#            shared libraries or begins with #!, '' for what is linked statically
# flags      further words: insecure, binary, default_disabled, ...
ejf_describe about=@long_name@ \
	long_name=@long_name@ src_sfx=@suffix@ arch=linux-shared

)";

constexpr std::string_view k_version_compiler =
    R"(# Where the settings keep the compiler, and the directory that goes before PATH (empty:
# PATH finds it); then its names, of which the first that works is taken.
ejf_compiler @variable@RUN @variable@DIR @compiler@
)";

constexpr std::string_view k_version_interpreter =
    R"(# Where the settings keep the interpreter, with its full path; then its names, of which the
# first that works is taken.
ejf_interpreter @variable@PATH @compiler@
)";

constexpr std::string_view k_version_tail = R"(
# Sets tool_version by asking $tool. guess_version takes the first word that looks like a
# version; version_word 3 'Foo version' COMMAND takes the third word of the line with that
# text. For one that does not tell its version: tool_version=1
find_version() {
	guess_version "$tool"@version_option@
}

@self_test@
ejf_probe @name@ "$@"
)";

constexpr std::string_view k_tried_compiler =
    R"(# Tries it with the command of @name@.in: the program has to print OK.
self_test() {
	cat >conftest@suffix@ <<'@end@' || return 1
@hello@@end@
	# shellcheck disable=SC2086
	try "$tool"@flag_words@ conftest@suffix@ ${ejf_variant_options-} -o conftest && try_program ./conftest
}
)";

constexpr std::string_view k_tried_interpreter =
    R"(# Tries it: the program has to print OK. Its source gets a first line with #! in front.
self_test() {
	try_interpreter '' <<'@end@'
@hello@@end@
}
)";

constexpr std::string_view k_untried_compiler =
    R"(# Tries it. A compiler that tells its version will do until there is a program here that
# prints OK:
#     self_test() {
#         cat >conftest@suffix@ <<'END' || return 1
#     the program
#     END
#         try "$tool"@flag_words@ conftest@suffix@ -o conftest && try_program ./conftest
#     }
self_test() {
	:
}
)";

constexpr std::string_view k_untried_interpreter =
    R"(# Tries it. An interpreter that tells its version will do until there is a program here that
# prints OK:
#     self_test() {
#         try_interpreter '' <<'END'
#     the program
#     END
#     }
self_test() {
	:
}
)";

constexpr std::string_view k_compile_head = R"(#!/bin/sh
# @long_name_line@: makes an executable. ejudge-configure-compilers makes the script @name@
# of this template. The server calls it in the directory of the source, as
#     @name@ SOURCE OUTPUT [PROPERTIES]
# What it prints is the log that the contestant sees; a status other than 0 is a compile
# error, and so is an OUTPUT that is not there.

# shellcheck source=ejf-lang
. "${0%/*}/ejf-lang"

)";

constexpr std::string_view k_compile_compiler =
    R"(# Reads the settings (lang.d/@name@.env, then lang.d/@name@.cfg) and sets $tool, $src and $dst.
# The words are as in @name@-version.in; the last is for a site without settings.
ejf_begin @name@ @variable@RUN @variable@DIR @default@ "$@"

# EJUDGE_FLAGS of a contest or problem take the place of the options that are usual here;
# EJUDGE_FLAGS_2 and EJUDGE_LIBS are added. A compiler that cannot be told where its output
# goes: run it without exec, then   ejf_take NAME-OF-ITS-OUTPUT
# shellcheck disable=SC2086
exec "$tool" @flags@ "$src" ${EJUDGE_FLAGS_2-} -o "$dst" ${EJUDGE_LIBS-}
)";

constexpr std::string_view k_compile_interpreter =
    R"(# Reads the settings (lang.d/@name@.env, then lang.d/@name@.cfg) and sets $tool, $src and $dst.
# The words are as in @name@-version.in; the last is for a site without settings.
ejf_begin @name@ @variable@PATH '' @default@ "$@"

# With EJUDGE_SYNTAX_CHECK=1 a source that this command refuses is a compile error. It gets
# the source on its standard input, and the name of it as $ejf_src.
#     ejf_check_syntax "$tool" OPTION-THAT-ONLY-CHECKS

# The executable is the source behind a line that names the interpreter, and which the
# language has to take for a comment. EJUDGE_FLAGS of a contest or problem take the place of
# the options that are usual here; the kernel gives all of them as one word.
ejf_prepend "#! $tool @flags@" ''
)";

bool consists_of(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return k_letters.find(c) != std::string_view::npos || more.find(c) != std::string_view::npos;
  });
}

/// GO++-2 becomes GOPP_2.
std::string variable_of(const std::string& name) {
  std::string variable;
  for (char c : name) {
    if (c == '+') {
      variable += 'P';
    } else if (c == '-') {
      variable += '_';
    } else {
      variable += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  bool begins_with_digit = variable[0] >= '0' && variable[0] <= '9';
  return begins_with_digit ? "L" + variable : variable;
}

/// As a word of the shell, whatever is in it.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

/// The version scripts write settings that both the shell and ejudge's own reader understand, so not every text will
/// do.
bool is_setting(std::string_view text) {
  bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  bool has_both = text.find('\'') != std::string_view::npos && text.find_first_of("\"$`\\") != std::string_view::npos;
  return !text.empty() && text.size() <= k_max_text && !has_control && !has_both &&
         text.find('@') == std::string_view::npos;
}

bool is_compiler(std::string_view text) {
  bool is_path = text.find('/') != std::string_view::npos;
  return !text.empty() && text.size() <= k_max_text && consists_of(text, "_+-./") && text[0] != '-' &&
         (!is_path || text[0] == '/');
}

/// A line that ends the here-document and is not part of it.
std::string end_of(std::string_view program) {
  std::string end = "END";
  auto lines = split(program, '\n');
  while (std::find(lines.begin(), lines.end(), end) != lines.end()) end += "_";
  return end;
}

std::string find_mistake(const OwnLanguage& language) {
  if (!is_language_name(language.name)) {
    return fmt::format(
        "'{}' cannot be the name of a language: 1 to 31 letters, digits and signs + - _ are expected, no"
        " '-' or '+' at the beginning and no '-version' at the end",
        language.name);
  }
  if (!is_setting(language.long_name)) {
    return "the long name must be one line without @, and not have both ' and one of \" $ ` \\";
  }
  if (language.suffix.size() > k_max_name || language.suffix.size() < 2 || !consists_of(language.suffix, "._+-") ||
      !is_plain_suffix(language.suffix)) {
    return fmt::format("'{}' cannot be the suffix of sources: a dot and letters are expected", language.suffix);
  }
  if (!is_compiler(language.compiler)) {
    return fmt::format("'{}' cannot be a compiler here: a name or an absolute path without blanks is expected",
                       language.compiler);
  }
  for (const auto& options : {language.flags, language.version_option}) {
    if (options.size() > k_max_text || !consists_of(options, " _+-./:,=%")) {
      return fmt::format(
          "'{}' cannot stand in the template: options may have letters, digits and _ + - . / : , = % in"
          " them; write others into the template afterwards",
          options);
    }
  }
  bool is_text = language.hello.find('\0') == std::string::npos;
  return is_text ? "" : "the program that prints OK is no text";
}

OwnLanguage with_defaults(OwnLanguage language) {
  if (language.long_name.empty()) language.long_name = language.name;
  if (language.suffix.empty()) language.suffix = "." + language.name;
  if (language.suffix[0] != '.') language.suffix.insert(0, 1, '.');
  if (language.compiler.empty()) language.compiler = language.name;
  if (!language.hello.empty() && !language.hello.ends_with('\n')) language.hello += '\n';
  return language;
}

std::string_view self_test_of(const OwnLanguage& language) {
  if (language.hello.empty()) return language.is_interpreted ? k_untried_interpreter : k_untried_compiler;
  return language.is_interpreted ? k_tried_interpreter : k_tried_compiler;
}

TokenValues token_values(const OwnLanguage& language) {
  bool is_path = language.compiler.find('/') != std::string::npos;
  std::string flags =
      language.flags.empty() ? "${EJUDGE_FLAGS-}" : fmt::format("${{EJUDGE_FLAGS:-{}}}", language.flags);
  TokenValues values{
      {"name", language.name},
      {"kind", language.is_interpreted ? "interpreter" : "compiler"},
      {"long_name_line", language.long_name},
      {"long_name", quoted(language.long_name)},
      {"suffix", language.suffix},
      {"variable", variable_of(language.name)},
      {"compiler", language.compiler},
      // The line with #! needs the full path.
      {"default", language.is_interpreted && !is_path ? "/usr/bin/" + language.compiler : language.compiler},
      {"version_option", (language.version_option.empty() ? "" : " ") + language.version_option},
      {"flags", flags},
      {"flag_words", (language.flags.empty() ? "" : " ") + language.flags},
      {"hello", language.hello},
      {"end", end_of(language.hello)}};
  values.emplace_back("self_test", expand_template(self_test_of(language), values));
  return values;
}

}  // namespace

bool is_language_name(const std::string& name) {
  return !name.empty() && name.size() <= k_max_name && consists_of(name, "_+-") && name[0] != '-' && name[0] != '+' &&
         !name.ends_with("-version");
}

Result<OwnTemplates, std::string> make_own_templates(OwnLanguage language) {
  language = with_defaults(std::move(language));
  std::string mistake = find_mistake(language);
  if (!mistake.empty()) return fail(mistake);
  const TokenValues values = token_values(language);
  auto expand = [&](std::string_view head, std::string_view body, std::string_view tail) {
    return expand_template(fmt::format("{}{}{}", head, body, tail), values);
  };
  OwnTemplates made;
  made.version_script =
      expand(k_version_head, language.is_interpreted ? k_version_interpreter : k_version_compiler, k_version_tail);
  made.compile_script =
      expand(k_compile_head, language.is_interpreted ? k_compile_interpreter : k_compile_compiler, "");
  return made;
}

}  // namespace ejf::lang
