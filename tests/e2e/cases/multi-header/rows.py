# SPDX-License-Identifier: Apache-2.0
"""The ordinary cases of multi-header mode: name, files beside the tests, fields of the request, status, log, and what
the archive holds, {number of the test: content}; None: there is no archive."""

from ejtest.packets import STATUS_CHECK_FAILED, STATUS_COMPILE_ERROR, STATUS_OK

OK, CE, CF = STATUS_OK, STATUS_COMPILE_ERROR, STATUS_CHECK_FAILED


def compiling(*numbers):
    return "".join("=== compilation for test %d ===\n" % number for number in numbers)


TWO = {"header_001.t": "h1\n", "header_002.t": "h2\n", "footer_001.t": "f1\n", "footer_002.t": "f2\n"}
HEADERS = {"header_001.t": "h1\n", "header_002.t": "h2\n"}
NO_FILES = "no test-specific header, footer, or compiler_env file found\n"
BOTH = {1: "h1\nsource\n", 2: "h2\nsource\n"}
CE2 = {**HEADERS, "header_001.t": "FAIL\n"}
MUST_FAIL = "compiler must fail on test 1, but compilation was successful\n"
ENOENT = "No such file or directory"

CASES = (
    ("headers and footers", TWO, {}, OK, compiling(1, 2), {1: "h1\nsource\nf1\n", 2: "h2\nsource\nf2\n"}),
    ("headers alone", HEADERS, {}, OK, compiling(1, 2), BOTH),
    ("footers alone", {"footer_001.t": "f1\n"}, {}, OK, compiling(1), {1: "source\nf1\n"}),
    ("an empty header", {"header_001.t": ""}, {}, OK, compiling(1), {1: "source\n"}),
    (
        "environments alone",
        {"env_001": 'compiler_env = "T_A=1" "T_B=x y"\n', "env_002": ""},
        {},
        OK,
        "=== compilation for test 1 ===\nT_A=1\nT_B=x y\n=== compilation for test 2 ===\n",
        {1: "source\n", 2: "source\n"},
    ),
    (
        "substitution",
        {"env_001": 'enable_subst = 1\ncompiler_env = "T_A=${request.run_id} ${lang.short_name} $$ ${nothing}."\n'},
        {},
        OK,
        "=== compilation for test 1 ===\nT_A=42 plain $ .\n",
        {1: "source\n"},
    ),
    (
        "half a line before our own",
        {"header_001.t": "half one\n", "header_002.t": "half two\nPLAIN\n"},
        {},
        CF,
        "=== compilation for test 1 ===\none\n=== compilation for test 2 ===\ntwo\n"
        "output file '/sandbox/000042_002' is not executable: Permission denied\n",
        None,
    ),
    (
        "must fail, does not, and has a stub for when it does",
        {"env_001": "compiler_must_fail = 1\nsource_stub = stub\n", "stub.t": "stub\n"},
        {},
        CE,
        compiling(1) + MUST_FAIL,
        None,
    ),
    (
        "a footer for all tests",
        {**HEADERS, "footer.t": "f\n"},
        {"footer_pat": "footer"},
        OK,
        compiling(1, 2),
        {1: "h1\nsource\nf\n", 2: "h2\nsource\nf\n"},
    ),
    ("only the style is asked for", HEADERS, {"style_check_only": 1}, OK, compiling(1, 2), BOTH),
    ("nothing for the first test", {"header_002.t": "h2\n"}, {}, CF, NO_FILES, None),
    ("a gap ends the tests", {"header_001.t": "h1\n", "header_003.t": ""}, {}, OK, compiling(1), {1: "h1\nsource\n"}),
    ("no pattern at all", {"x": ""}, {}, CF, NO_FILES, None),
    ("a pattern without a number", {"head.t": "h\n"}, {"header_pat": "head"}, OK, compiling(1), {1: "h\nsource\n"}),
    ("%d", {"h1.t": "h1\n", "h2.t": "h2\n"}, {"header_pat": "h%d"}, OK, compiling(1, 2), BOTH),
    ("%% and a number", {"h%01.t": "h1\n"}, {"header_pat": "h%%%02d"}, OK, compiling(1), {1: "h1\nsource\n"}),
    (
        "a header is missing",
        {"header_001.t": "", "footer_001.t": "", "footer_002.t": "", "header_003.t": "", "footer_003.t": ""},
        {},
        CF,
        compiling(1) + "header file 'TESTS/header_002.t' does not exist: " + ENOENT + "\n" + compiling(3),
        None,
    ),
    (
        "a footer is missing",
        {"header_001.t": "h1\n", "footer_002.t": "f2\n", "header_002.t": ""},
        {},
        CF,
        "footer file 'TESTS/footer_001.t' does not exist: " + ENOENT + "\n" + compiling(2),
        None,
    ),
    (
        "a header is a directory",
        {"header_001.t/x": "", "footer_001.t": ""},
        {},
        CF,
        "header file 'TESTS/header_001.t' is not regular\n",
        None,
    ),
    (
        "an environment is missing",
        {**HEADERS, "env_002": ""},
        {},
        CF,
        "compiler env file 'TESTS/env_001' does not exist: " + ENOENT + "\n" + compiling(2),
        None,
    ),
    (
        "an environment is invalid",
        {**HEADERS, "env_001": "compiler_envy = 1\n", "env_002": ""},
        {},
        CF,
        "invalid env file 'TESTS/env_001'\nline 1: unknown key 'compiler_envy' (did you mean 'compiler_env'?)\n"
        + compiling(2),
        None,
    ),
    (
        "an environment begins with #",
        {"header_001.t": "", "env_001": "compiler_must_fail = 0\n# a comment\n"},
        {},
        CF,
        "invalid env file 'TESTS/env_001'\nline 2: a key is expected instead of '# a comment'\n",
        None,
    ),
    ("a test does not compile", CE2, {}, CE, "=== compilation for test 1 ===\nwrong\n" + compiling(2), None),
    (
        "and not_ok_is_cf",
        CE2,
        {"not_ok_is_cf": 1},
        CF,
        "=== compilation for test 1 ===\nwrong\n\nCompilation failed\nCheck failed on non-OK result mode enabled\n"
        + compiling(2),
        None,
    ),
    (
        "must fail, does, stub",
        {"env_001": "compiler_must_fail = 1\nsource_stub = stub\n", "header_001.t": "FAIL\n", "stub.t": "stub\n"},
        {},
        OK,
        compiling(1),
        {1: "stub\n"},
    ),
    (
        "must fail, does, no stub",
        {"env_001": "compiler_must_fail = 1\n", "header_001.t": "FAIL\n"},
        {},
        CE,
        compiling(1),
        None,
    ),
    (
        "must fail, does not",
        {"env_001": "compiler_must_fail = 1\n", "header_001.t": "h\n"},
        {},
        CE,
        compiling(1) + MUST_FAIL,
        None,
    ),
    (
        "must fail, does not, comment",
        {"env_001": 'compiler_must_fail = 1\ncomment = "use of \\"goto\\""\n', "header_001.t": "h\n"},
        {},
        CE,
        compiling(1) + MUST_FAIL + 'possible reason:\nuse of "goto"\n',
        None,
    ),
    (
        "may fail, does, stub",
        {"env_001": "allow_compile_error = 1\nsource_stub = stub\n", "header_001.t": "FAIL\n", "stub.t": "stub\n"},
        {},
        OK,
        "=== compilation for test 1 ===\nwrong\n",
        {1: "stub\n"},
    ),
    (
        "may fail, does, no stub",
        {"env_001": "allow_compile_error = 1\n", "header_001.t": "FAIL\n"},
        {},
        CE,
        "=== compilation for test 1 ===\nwrong\n",
        None,
    ),
    (
        "may fail, does not",
        {"env_001": "allow_compile_error = 1\nsource_stub = stub\n", "header_001.t": "h\n"},
        {},
        OK,
        compiling(1),
        {1: "h\nsource\n"},
    ),
    (
        "the stub is missing",
        {"env_001": "allow_compile_error = 1\nsource_stub = stub\n", "header_001.t": "FAIL\n"},
        {},
        CF,
        "=== compilation for test 1 ===\nwrong\nsource stub file 'TESTS/stub.t' does not exist: " + ENOENT + "\n",
        None,
    ),
    (
        "the stub does not compile",
        {"env_001": "allow_compile_error = 1\nsource_stub = stub\n", "header_001.t": "FAIL\n", "stub.t": "FAIL\n"},
        {},
        CE,
        "=== compilation for test 1 ===\nwrong\nwrong\n",
        None,
    ),
    (
        "no output",
        {"header_001.t": "NOTHING\n"},
        {},
        CF,
        compiling(1) + "output file '/sandbox/000042_001' does not exist: " + ENOENT + "\n",
        None,
    ),
    (
        "the output is a link",
        {"header_001.t": "LINK\n"},
        {},
        CF,
        compiling(1) + "output file '/sandbox/000042_001' is not regular\n",
        None,
    ),
    (
        "the output is not executable",
        {"header_001.t": "PLAIN\n"},
        {},
        CF,
        compiling(1) + "output file '/sandbox/000042_001' is not executable: Permission denied\n",
        None,
    ),
    (
        "check failed is worse than a compile error",
        {"header_001.t": "FAIL\n", "header_002.t": "PLAIN\n", "header_003.t": "FAIL\n"},
        {},
        CF,
        "=== compilation for test 1 ===\nwrong\n=== compilation for test 2 ===\n"
        "output file '/sandbox/000042_002' is not executable: Permission denied\n"
        "=== compilation for test 3 ===\nwrong\n",
        None,
    ),
)
