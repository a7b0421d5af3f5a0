# SPDX-License-Identifier: Apache-2.0
"""The name of a Java submission: the first top-level class."""

import zipfile

from harness import SHELLS, check, check_equal, which

AWKS = (["mawk"], ["gawk"], ["gawk", "--posix"], ["original-awk"], ["busybox", "awk"])

# Source, name of the class ('' if there is none, None if it is refused).
NAMES = {
    "plain": ("class A { }", "A"),
    "public": ("public final class Main{\n}", "Main"),
    "first_of_two": ("class A { }\npublic class B { }", "A"),
    "line_comment": ("// class X { }\nclass A { }", "A"),
    "block_comment": ("/* class X { }\n * class Y { } */ class A { }", "A"),
    "comment_between": ("class/* X */ // Y\n A { }", "A"),
    "stars": ("/** class X **/ class A { }", "A"),
    "quote_in_comment": ("// don't\n/* \" */ class A { }", "A"),
    "string": ('@S("class X { }") class A { String s = "}"; }', "A"),
    "string_escapes": ('@S("\\"class X {\\\\") class A { }', "A"),
    "comment_in_string": ('@S("/*") class A { }\n// */ class B { }', "A"),
    "char_literals": ("@C('{') @D('\\'') @E('\"') @F('\\\\') class A { }", "A"),
    "text_block": ('@S("""\n  class X { } "" \\""" class Y\n  """) class A { }', "A"),
    "nested_first": ("interface I { class X { } }\nclass A { class Y { } }", "A"),
    "interface_first": ("interface I { }\nclass A { }", "A"),
    "enum_first": ("enum E { P { void f() { } }, Q }\nclass A { }", "A"),
    "record_first": ("record R(int x) { class X { } }\nclass A { }", "A"),
    "annotation_type": ("@interface N { Class<?> value(); }\nclass A { }", "A"),
    "class_literal": ("@N(value = X.class) class A { }", "A"),
    "class_literal_array": ("@N({X.class, Y . class}) class A { }", "A"),
    "generics": ("class A<T extends Comparable<T>> extends B { }", "A"),
    "sealed": ("sealed abstract class A permits B { }\nnon-sealed class B extends A { }", "A"),
    "import": ("import java.util.*;\nimport static a.B.c;\nclass A { }", "A"),
    "import_in_line": ("import java.util.*; class A { }", "A"),
    "word_inside": ("interface subclass { } interface classy { } class A_1$b { }", "A_1$b"),
    "crlf": ("// x\r\nclass\r\nA\r\n{\r\n}\r\n", "A"),
    "carriage_returns": ("// class X\rclass A { }\r", "A"),
    "no_newline": ("class A{}", "A"),
    "unicode_escape": ("\\u0063lass \\u0041 { }", "A"),
    "unicode_newline": ("// \\u000a class A { }", "A"),
    "unicode_quote": ("@S(\\u0022class X {\\u0022) class A { }", "A"),
    "not_an_escape": ('@S("\\\\u0022") class A { }', "A"),
    "cyrillic": ("/* класс */ class Решение { }", "Решение"),
    "no_class": ("interface I { }", ""),
    "record_only": ("record Main(int x) { }", ""),
    "empty": ("", ""),
    "text": ("it's no program", ""),
    "open_comment": ("/* class A { }", ""),
    "open_string": ('@S("class X {\nclass A { }', ""),
    "open_brace": ("interface I { class A { }", ""),
    "extra_brace": ("} class A { }", "A"),
    "package": ("package p;\nclass A { }", None),
    "package_annotated": ("@N package p.q;\nclass A { }", None),
    "package_after_comment": ("/* x */ package p; class A { }", None),
    "package_inside": ("class A { }\nclass B { int package_; /* package p; */ }", "A"),
}

PROGRAM = 'public class %s { public static void main(String[] a) { System.out.println("OK"); } }\n'


def name_of(suite, awk, source, wanted):
    cwd = suite.directory()
    (cwd / "s.java").write_bytes(source.encode())
    result = suite.run([*awk, "-f", suite.scripts / "ejf-java-class", "s.java"], cwd, {"LC_ALL": "C"})
    if wanted is None:
        check(result.returncode == 1 and "package" in result.stderr, f"accepted: {result.stdout}")
    else:
        check_equal((result.returncode, result.stdout.strip(), result.stderr), (0, wanted, ""), source)


class Job:
    def __init__(self, suite, shell, source, **files):
        self.suite, self.shell, self.cwd = suite, shell, suite.directory()
        (self.cwd / "f1.java").write_text(source, encoding="utf-8")
        for name, text in files.items():
            (self.cwd / f"{name}.java").write_text(text)
        self.result = None

    def build(self, **env):
        self.result = self.suite.script(self.shell, "javac", "f1.java", "f2.jar", cwd=self.cwd, env=env)
        return self.result

    def refused(self, text, **env):
        self.build(**env)
        check(self.result.returncode != 0, "compiled")
        check(text in self.result.stdout + self.result.stderr, f"log: {self.result.stdout}{self.result.stderr}")

    def starts(self, entry, **env):
        self.build(**env)
        check_equal(self.result.returncode, 0, f"status ({self.result.stdout}{self.result.stderr})")
        with zipfile.ZipFile(self.cwd / "f2.jar") as jar:
            manifest = jar.read("META-INF/MANIFEST.MF").decode()
        check(f"Main-Class: {entry}\r\n" in manifest, manifest)
        ran = self.suite.run(["java", "-jar", "f2.jar"], self.cwd)
        check_equal((ran.returncode, ran.stdout), (0, "OK\n"), f"run ({ran.stderr})")
        return manifest


def refusals(suite, shell):
    Job(suite, shell, "package p; " + PROGRAM % "A").refused("package")
    Job(suite, shell, "interface I { }").refused("no class at the top level")
    Job(suite, shell, "plain text").refused("error:")
    Job(suite, shell, "class A { int x = }").refused("A.java:1")
    Job(suite, shell, "class A { }\npublic class B { }").refused("should be declared in a file named B.java")
    job = Job(suite, shell, "")
    (job.cwd / "f1.java").unlink()
    job.refused("f1.java")


def entries(suite, shell):
    job = Job(suite, shell, "/* Привет */ " + PROGRAM % "A")
    (job.cwd / "Stale.class").write_text("")
    job.starts("A")
    with zipfile.ZipFile(job.cwd / "f2.jar") as jar:
        check("Stale.class" not in jar.namelist(), "a class file of the submission's directory was packed")
    Job(suite, shell, "class A { }\n" + (PROGRAM % "B").removeprefix("public ")).starts("B", EJUDGE_MAIN_CLASS="B")


def project(suite, shell):
    start = "public class Start { public static void main(String[] a) { Answer.say(); } }\n"
    answer = 'class Answer { static void say() { System.out.println("OK"); } }\n'
    Job(suite, shell, answer, Start=start).starts("Start", EJUDGE_SOLUTION_FILE="Answer", EJUDGE_START_FILE="Start")
    Job(suite, shell, answer, Start=start).starts(
        "Start", EJUDGE_SOLUTION_FILE="X", EJUDGE_START_FILE="Y",
        EJUDGE_SOLUTION_FILE_JAVA="Answer", EJUDGE_START_FILE_JAVA="Start")


def class_path(suite, shell):
    job = Job(suite, shell, "class A { public static void main(String[] a) { Lib.say(); } }\n")
    library = job.cwd / ("long-directory-name-" * 4)
    library.mkdir()
    (library / "Lib.java").write_text('public class Lib { public static void say() { System.out.println("OK"); } }\n')
    check_equal(suite.run(["javac", "Lib.java"], library).returncode, 0, "library")
    check_equal(suite.run(["jar", "-c", "-f", "lib.jar", "Lib.class"], library).returncode, 0, "library")
    manifest = job.starts("A", EJUDGE_CLASSPATH=f"other.jar:{library.name}/lib.jar")
    check("Class-Path:" in manifest, manifest)


def flags(suite, shell):
    source = "import java.util.*; class A { public static void main(String[] a) { List l = new ArrayList(); " \
             'l.add("OK"); System.out.println(l.get(0)); } }'
    Job(suite, shell, source).starts("A")
    for name in ("EJUDGE_FLAGS", "EJUDGE_FLAGS_2"):
        Job(suite, shell, source).refused("[rawtypes]", **{name: "-Xlint:all -Werror"})


def release(suite, shell):
    config = suite.directory() / "javac.cfg"
    config.write_text('version="x"\nJAVARUN="java"\nJAVACRUN="javac"\nJAVADIR="/usr"\nJAVAVER="8"\n')
    Job(suite, shell, 'class A { String s = """\n x"""; }').refused("text blocks", EJUDGE_LANG_CONFIG=str(config))


def run(suite):
    for awk in AWKS:
        if which(awk[0]):
            for name, (source, wanted) in NAMES.items():
                suite.test(f"java.name.{name}.{'_'.join(awk)}", name_of, suite, awk, source, wanted)
    if not suite.installed("javac"):
        suite.report_missing("javac")
        return
    for shell in filter(which, SHELLS):
        for test in (refusals, entries, project, class_path, flags, release):
            suite.test(f"java.{test.__name__}.{shell}", test, suite, shell)
