// SPDX-License-Identifier: Apache-2.0
// Variants: languages that are another one with another compiler or with further options, a line each in variants.cfg.
// A variant's two scripts only name what differs and go on as those of the language that it is a variant of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/templates.h"

namespace ejf::lang {

struct Variant {
  std::string name;
  std::string base;       ///< the language that it is a variant of
  std::string long_name;  ///< empty: made from that of the base
  std::string tool;       ///< name or path of the compiler; empty: as for the base
  std::string options;    ///< what every compilation gets, blanks between them
};

/// The lines NAME : BASE : LONG NAME : TOOL : OPTIONS of a file; the last three may be empty or missing, and options
/// may hold colons. A bad line is left out, and `problems` gets a line about it that begins with `path`.
std::vector<Variant> parse_variants(std::string_view text, const std::string& path, std::vector<std::string>& problems);

struct VariantFiles {
  std::string site;          ///< the administrator's; goes before the installation's, name by name
  std::string installation;  ///< its variants are off in contests that do not ask for them
  std::string script_dir;    ///< where scripts of variants may be that are in neither file any more
};

/// Adds the scripts of all variants to `templates`, unless there is a template of that name. The version script of a
/// variant that is gone becomes one that says so: its section of compile.cfg has to stay. Returns what is wrong with
/// the files, a line each.
std::vector<std::string> add_variants(std::vector<TemplateFile>& templates, const VariantFiles& files);

}  // namespace ejf::lang
