// SPDX-License-Identifier: Apache-2.0
// Compilers work in the jail with nothing but what every job sees.
#include <cstdlib>
#include <string>

#include "jail/jail.h"
#include "prison.h"

namespace ejf::jail {
namespace {

struct Compiler {
  const char* program;
  const char* file;
  const char* source;
  const char* command;
  const char* output;
};
constexpr Compiler k_compilers[] = {
    {"/usr/bin/gcc", "a.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }", "gcc -O2 a.c", "a.out"},
    {"/usr/bin/g++", "a.cc", "#include <iostream>\nint main() { std::cout << 1; }", "g++ -O2 a.cc", "a.out"},
    {"/usr/bin/javac", "A.java", "class A { public static void main(String[] a) {} }", "javac A.java", "A.class"},
    {"/usr/bin/python3", "a.py", "print(1)", "python3 -m py_compile a.py && mv __pycache__/*.pyc a.pyc", "a.pyc"},
    {"/usr/bin/fpc", "a.pas", "begin writeln(1); end.", "fpc a.pas", "a"},
    {"/usr/bin/go", "a.go", "package main\nimport \"fmt\"\nfunc main() { fmt.Println(1) }", "go build -o a a.go", "a"},
    {"/usr/bin/ghc", "a.hs", "main = putStrLn \"hi\"", "ghc a.hs", "a"},
    {"/usr/bin/mcs", "a.cs", "class A { static void Main() {} }", "mcs a.cs", "a.exe"},
    {"/usr/bin/node", "a.js", "require('fs').writeFileSync('b', 'x')", "node a.js", "b"},
    {"/usr/bin/php", "a.php", "<?php echo 1;", "php -l a.php >b", "b"},
    {"/usr/bin/perl", "a.pl", "print 1;", "perl -c a.pl 2>b", "b"},
    {"/usr/bin/ruby", "a.rb", "puts 1", "ruby -c a.rb >b", "b"},
};

class Compiles : public testing::TestWithParam<Compiler> {};

INSTANTIATE_TEST_SUITE_P(Compilers, Compiles, testing::ValuesIn(k_compilers), [](const auto& each) {
  std::string name = std::string{each.param.program}.substr(std::string{"/usr/bin/"}.size());
  return name == "g++" ? std::string{"gxx"} : name;
});

RunReport compile(Prison& prison, const Compiler& compiler) {
  Box box = prison.make_box({{compiler.file, compiler.source}});
  RunSpec spec = Prison::shell_spec(compiler.command);
  spec.env = {"PATH=/usr/bin:/bin", "HOME=/sandbox/.home", "TMPDIR=/sandbox/.tmp"};
  spec.limits.processes = 256;
  spec.limits.memory = std::uint64_t{3} << 30;
  spec.outputs = {{compiler.output, 0}};
  return prison.run_in(box, std::move(spec));
}

TEST_P(Compiles, HelloWorld) {
  EJF_NEED(has_program(GetParam().program), GetParam().program);
  Prison prison(Mode::full, 1);
  RunReport report = compile(prison, GetParam());
  EXPECT_EQ(report.verdict, Verdict::exited) << report.reason;
  EXPECT_EQ(report.exit_code, 0) << report.log.head;
  EXPECT_EQ(report.outputs.at(0).state, FileState::ok);
  EXPECT_GT(report.outputs.at(0).size, 0U);
}

/// Rust's compilers rarely come from the system's packages: here the toolchain lies elsewhere, and is made visible.
TEST(CompilesElsewhere, Rust) {
  std::string sysroot;
  for (const char* variable : {"RUST_SYSROOT", "RUSTUP_TOOLCHAIN_DIR"}) {
    if (const char* value = std::getenv(variable)) sysroot = value;
  }
  if (sysroot.empty() && has_program("/usr/bin/rustc")) sysroot = "/usr";
  EJF_NEED(!sysroot.empty() && has_program(sysroot + "/bin/rustc"), "rustc (in /usr or below RUST_SYSROOT)");
  Prison prison(Mode::full, 1, {sysroot});
  std::string command = sysroot + "/bin/rustc a.rs";
  Compiler compiler{"rustc", "a.rs", "fn main() { println!(\"hi\"); }", command.c_str(), "a"};
  RunReport report = compile(prison, compiler);
  EXPECT_EQ(report.exit_code, 0) << report.reason << report.log.head;
  EXPECT_EQ(report.outputs.at(0).state, FileState::ok);
}

}  // namespace
}  // namespace ejf::jail
