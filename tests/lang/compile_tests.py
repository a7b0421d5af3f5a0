# SPDX-License-Identifier: Apache-2.0
"""Compile scripts with the installed compilers: right and wrong programs, flags."""

import collections
import json
import tarfile

from harness import check, check_equal, shells_for, which

# What the OK program prints and a wrong one makes the compiler say; flags that make
# the program print 7 instead.
Language = collections.namedtuple("Language", "suffix right wrong complaint flags runner")

VALGRIND = ["valgrind", "--quiet", "--error-exitcode=1", "--leak-check=full"]
C = "#include <stdio.h>\n#include <math.h>\n#ifndef ANSWER\n#define ANSWER (int)sqrt(n)\n#endif\n" \
    'int main(int n, char **v) { printf("%d\\n", ANSWER); return 0; }\n'
CPP = "#include <iostream>\n#ifndef ANSWER\n#define ANSWER 1\n#endif\n" \
      "int main() { std::cout << ANSWER << std::endl; }\n"

GAS = """#ifndef ANSWER
#define ANSWER 1
#endif
	.data
format:	.asciz "%d\\n"
	.text
	.globl main
main:
"""
GAS_64 = GAS + """	push %rbp
	lea format(%rip), %rdi
	mov $ANSWER, %esi
	xor %eax, %eax
	call printf@PLT
	xor %eax, %eax
	pop %rbp
	ret
	.section .note.GNU-stack,"",@progbits
"""
GAS_32 = GAS + """	push $ANSWER
	push $format
	call printf
	add $8, %esp
	xor %eax, %eax
	ret
	.section .note.GNU-stack,"",@progbits
"""
NASM = """%ifndef ANSWER
%define ANSWER 1
%endif
%ifndef UNIX
%error the system is not said
%endif
extern printf
global main
section .data
format: db '%d', 10, 0
section .text
main:
push dword ANSWER
push dword format
call printf
add esp, 8
xor eax, eax
ret
section .note.GNU-stack noalloc noexec nowrite progbits
"""

LANGUAGES = {
    "gcc": Language(".c", C, "int main(void) { return x; }\n", "undeclared", "-DANSWER=7", []),
    "g++": Language(".cpp", CPP, "int main() { return x; }\n", "not declared", "-DANSWER=7", []),
    "clang": Language(".c", C, "int main(void) { return x; }\n", "undeclared", "-DANSWER=7", []),
    "clang++": Language(".cpp", CPP, "int main() { return x; }\n", "undeclared", "-DANSWER=7", []),
    "gcc-32": Language(".c", C, "int main(void) { return x; }\n", "undeclared", "-DANSWER=7", []),
    "g++-32": Language(".cpp", CPP, "int main() { return x; }\n", "not declared", "-DANSWER=7", []),
    "fpc": Language(".pas", "begin\n{$ifdef SEVEN}writeln(7){$else}writeln(1){$endif}\nend.\n",
                    "begin x := 1 end.\n", "Identifier not found", "-dSEVEN", []),
    "gfortran": Language(".for", "      PRINT '(I1)', 1\n      END\n",
                         "      PRINT *, 'x\n      END\n", "Error", "-fdefault-integer-8", []),
    "rust": Language(".rs", 'fn main() { println!("{}", if cfg!(seven) { 7 } else { 1 }); let async_ = 0; let _ = async_; }\n',
                     "fn main() { x }\n", "cannot find value", "--cfg seven", []),
    "gccgo": Language(".go", 'package main\n\nimport "fmt"\n\nvar answer = "1"\n\nfunc main() { fmt.Println(answer) }\n',
                      "package main\n\nfunc main() { x() }\n", "undefined: x", "-ldflags=-X=main.answer=7", []),
    "ghc": Language(".hs", "{-# LANGUAGE CPP #-}\nmain :: IO ()\n#ifdef SEVEN\nmain = print 7\n#else\nmain = print 1\n#endif\n",
                    "main = putStrLn \u043f\u0440\n", "not in scope", "-DSEVEN", []),
    "mcs": Language(".cs", "class A { static void Main() {\n#if SEVEN\nSystem.Console.WriteLine(7);\n#else\n"
                    "System.Console.WriteLine(1);\n#endif\n} }\n", "class A { static void Main() { x(); } }\n",
                    "CS0103", "-define:SEVEN", ["mono"]),
    "python3": Language(".py", "print(1)\n", None, None, None, []),
    "pypy3": Language(".py", "print(1)\n", None, None, None, []),
    "perl": Language(".pl", "print 1;\n", None, None, "-l", []),
    "ruby": Language(".rb", "puts defined?(PStore) ? 7 : 1\n", None, None, "-rpstore", []),
    "php": Language(".php", "<? echo 1, \"\\n\";\n", None, None, None, []),
    "node": Language(".js", "console.log(1)\n", None, None, None, []),
    "bash": Language(".sh", "x=(0 1); echo ${x[1]}\n", None, None, None, []),
    "gcc-vg": Language(".c", C, "int main(void) { return x; }\n", "undeclared", "-DANSWER=7", VALGRIND),
    "g++-vg": Language(".cpp", CPP, "int main() { return x; }\n", "not declared", "-DANSWER=7", VALGRIND),
    "clang-32": Language(".c", C, "int main(void) { return x; }\n", "undeclared", "-DANSWER=7", []),
    "clang++-32": Language(".cpp", CPP, "int main() { return x; }\n", "undeclared", "-DANSWER=7", []),
    "gas": Language(".S", GAS_64, "frobnicate %eax\n", "no such instruction", "-DANSWER=7", []),
    "gas-32": Language(".S", GAS_32, "frobnicate %eax\n", "no such instruction", "-DANSWER=7", []),
    "nasm-x86": Language(".asm", NASM, "mov eax, nowhere\n", "not defined", "-DANSWER=7", []),
    "yabasic": Language(".bas", "print 1\n", None, None, None, []),
    "mzscheme": Language(".scm", "(display 1)\n(newline)\n", None, None, None, []),
    "gprolog": Language(".pro", ":- initialization(main).\nmain :- write(1), nl, halt.\n", "main :- write(.\n", "error",
                        None, []),
    "scala": Language(".scala", "object A { def main(args: Array[String]): Unit = println(1) }\n", "object A { x }\n",
                      "not found", None, ["scala"]),
    "kotlin": Language(".kt", "fun main(args: Array<String>) { println(1) }\n", "fun main() { x() }\n",
                       "unresolved reference", None, ["java", "-jar"]),
}


class Job:
    """One compilation in a directory of its own, by the settings that were probed."""

    def __init__(self, suite, shell, language, source):
        self.suite, self.shell, self.language = suite, shell, language
        self.data = LANGUAGES[language]
        self.cwd = suite.directory()
        self.source = "f1" + self.data.suffix
        (self.cwd / self.source).write_text(source, encoding="utf-8")
        self.output = self.cwd / ("f2" + {"mcs": ".exe", "scala": ".jar", "kotlin": ".jar"}.get(language, ""))

    def build(self, *args, **env):
        return self.suite.script(self.shell, self.language, self.source, self.output.name, *args,
                                 cwd=self.cwd, env=env)

    def prints(self, text, **env):
        result = self.build(**env)
        check_equal(result.returncode, 0, f"status ({result.stdout}{result.stderr})")
        if not self.output.suffix == ".jar":
            check(self.output.stat().st_mode & 0o111, "the output is not executable")
        ran = self.suite.run([*self.data.runner, self.output], self.cwd)
        check_equal((ran.returncode, ran.stdout), (0, text), f"run ({ran.stderr})")

    def refused(self, complaint, **env):
        result = self.build(**env)
        check(result.returncode != 0, "compiled")
        log = result.stdout + result.stderr
        check(complaint in log, f"log: {log}")


def right(suite, shell, language):
    text = "1" if language == "perl" else "1\n"
    Job(suite, shell, language, LANGUAGES[language].right).prints(text)


def wrong(suite, shell, language):
    data = LANGUAGES[language]
    Job(suite, shell, language, data.wrong).refused(data.complaint)


def flags(suite, shell, language):
    data = LANGUAGES[language]
    text = "1\n" if language == "perl" else "7\n"
    if language == "gfortran":
        source = "      INTEGER I\n      PRINT '(I1)', KIND(I) - 1\n      END\n"
        Job(suite, shell, language, source).prints("3\n")
        Job(suite, shell, language, source).prints("7\n", EJUDGE_FLAGS=data.flags)
        Job(suite, shell, language, source).prints("7\n", EJUDGE_FLAGS_2=data.flags)
        return
    Job(suite, shell, language, data.right).prints(text, EJUDGE_FLAGS=data.flags)
    # Behind the source, Go takes nothing but more sources.
    if data.wrong and language != "gccgo":
        Job(suite, shell, language, data.right).prints(text, EJUDGE_FLAGS_2=data.flags)


def without_settings(suite, shell, language):
    config = suite.config / f"{language}.cfg"
    text = config.read_text()
    config.unlink()
    try:
        right(suite, shell, language)
    finally:
        config.write_text(text)


def libraries(suite, shell, language):
    data = LANGUAGES[language]
    Job(suite, shell, language, data.right).refused("no_such_library", EJUDGE_LIBS="-lno_such_library")


def many_files(suite, shell, language):
    suffix, bits = LANGUAGES[language].suffix, 1 if language.endswith("-32") else 2
    job = Job(suite, shell, language, "int answer(void) { return 5; }\n".replace("void", "" if suffix == ".cpp" else "void"))
    main = '#include <stdio.h>\nint answer();\nint main() { printf("%d\\n", answer()); return 0; }\n'
    (job.cwd / f"main{suffix}").write_text(main)
    job.prints("5\n", EJUDGE_SOLUTION_FILE="answer")
    check_equal(job.output.read_bytes()[4], bits, "word size")


def run_properties(suite, shell, language):
    """What the runner would do: unpack, then start_cmd with start_args."""
    programs = {
        ".py": ("def say(): print('OK', __debug__)\n", "import answer\nanswer.say()\n", "-O", "OK False\n"),
        ".js": ("exports.say = () => console.log('OK', process.execArgv.length)\n",
                "require('./answer').say()\n", "--no-warnings", "OK 1\n"),
    }
    job = Job(suite, shell, language, "")
    answer, start, option, text = programs[job.data.suffix]
    (job.cwd / job.source).write_text(answer)
    (job.cwd / f"start{job.data.suffix}").write_text(start)
    result = job.build("../f.json", EJUDGE_EXE_PROPERTIES="1", EJUDGE_ARCHIVE="1", EJUDGE_RUN_FLAGS=option,
                       EJUDGE_SOLUTION_FILE="answer", EJUDGE_START_FILE="start")
    check_equal((result.returncode, result.stderr), (0, ""), "build")
    properties = json.loads((job.cwd / "../f.json").read_text())
    place = suite.directory()
    with tarfile.open(job.output) as archive:
        archive.extractall(place)
    ran = suite.run(properties["start_args"], place)
    check_equal((properties["start_cmd"], ran.stdout), (properties["start_args"][0], text), ran.stderr)


def cargo(suite, shell, language):
    job = Job(suite, shell, language, "pub fn say() { println!(\"OK\"); }\n")
    files = {
        "Cargo.toml": '[workspace]\n[package]\nname = "jury"\nversion = "0.1.0"\n[profile.release]\n[dependencies]\n',
        "src/main.rs": "mod solution;\nfn main() { solution::say(); }\n",
    }
    with tarfile.open(job.cwd / "project.tbz", "w:bz2") as archive:
        for name, text in files.items():
            path = job.cwd / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        archive.add(job.cwd / "project", "project")
    job.prints("OK\n", EJUDGE_ENABLE_CARGO="1")


def no_main_module(suite, shell, language):
    job = Job(suite, shell, language, "module Other where\nx :: Int\nx = 1\n")
    check(job.build().returncode != 0, "a module without main is a program")


def go_without_home(suite, shell, language):
    Job(suite, shell, language, LANGUAGES[language].right).prints("1\n", HOME=None)


def probe(suite, language):
    """The settings of all the tests that follow are those that the version script finds."""
    (suite.config / f"{language}.cfg").write_text(suite.settings_of(language))


def run(suite):
    c_family = ("gcc", "g++", "clang", "clang++", "gcc-32", "g++-32", "gcc-vg", "g++-vg", "clang-32", "clang++-32")
    special = {cargo: "rust", no_main_module: "ghc", go_without_home: "gccgo"}
    for language, data in LANGUAGES.items():
        if not suite.wants(language):
            continue
        suite.test(f"compile.probe.{language}", probe, suite, language)
        tests = [right, without_settings]
        tests += [wrong] if data.wrong else []
        tests += [flags] if data.flags else []
        tests += [libraries, many_files] if language in c_family else []
        tests += [libraries] if language.startswith("gas") else []
        tests += [run_properties] if data.suffix in (".py", ".js") else []
        tests += [test for test, name in special.items() if name == language]
        for shell in shells_for(language):
            for test in tests:
                if test is cargo and not which("cargo"):
                    suite.report_missing("cargo")
                    continue
                suite.test(f"compile.{test.__name__}.{language}.{shell}", test, suite, shell, language)
