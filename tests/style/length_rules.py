# SPDX-License-Identifier: Apache-2.0
"""Rules about the length of functions."""

import ast
import re
from typing import Iterable, List, NamedTuple, Tuple

from tree import Rule, Tree, without_literals

LINES = 60
MAIN_LINES = 25
CONTAINER = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b[^()]*$")
NAME = re.compile(r"(~?[\w:]+|operator\S+)\s*\(")


class Function(NamedTuple):
    name: str
    line: int
    lines: int


class Brace(NamedTuple):
    is_function: bool
    header_start: int
    start: int


def functions_of(text: str) -> List[Function]:
    """The outermost functions of a C++ file, lambdas and blocks inside them included."""
    text = re.sub(r"(?m)^[ \t]*#.*(?:\\\n.*)*", lambda match: re.sub(r"[^\n]", " ", match.group()), without_literals(text))
    found: List[Function] = []
    open_braces: List[Brace] = []
    header_start = 0
    for match in re.finditer(r"[{};]", text):
        at = match.start()
        inside = any(brace.is_function for brace in open_braces)
        if match.group() == "{":
            header = text[header_start:at]
            is_function = not inside and "(" in header and not CONTAINER.search(header)
            open_braces.append(Brace(is_function, header_start, at))
            header_start = at + 1
        elif match.group() == "}" and open_braces:
            header_start, function = close_brace(text, at, open_braces.pop())
            found += function
        elif text.count("(", header_start, at) == text.count(")", header_start, at):
            header_start = at + 1
    return found


def close_brace(text: str, at: int, brace: Brace) -> Tuple[int, List[Function]]:
    """Where the next header begins, and the function that ends here. A member that is initialised with braces looks
    like a function, but a comma or the body follows; then the header goes on."""
    if re.match(r"\s*[,{]", text[at + 1:]):
        return brace.header_start, []
    if not brace.is_function:
        return at + 1, []
    name = NAME.search(text[brace.header_start:brace.start])
    line = text.count("\n", 0, brace.start) + 1
    return at + 1, [Function(name.group(1) if name else "?", line, text.count("\n", brace.start, at) + 1)]


def cpp_length(tree: Tree) -> Iterable[str]:
    for path in tree.cpp():
        for function in functions_of(tree.text(path)):
            limit = MAIN_LINES if function.name == "main" else LINES
            if function.lines > limit:
                yield f"{path}:{function.line}: {function.name} has {function.lines} lines, more than {limit}"


def python_length(tree: Tree) -> Iterable[str]:
    for path in sorted(set(tree.paths(".py")) | set(tree.scripts("python3"))):
        for node in ast.walk(ast.parse(tree.text(path), path)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LINES:
                yield f"{path}:{node.lineno}: {node.name} has more than {LINES} lines"


def shell_length(tree: Tree) -> Iterable[str]:
    for path in tree.scripts("(?:ba)?sh"):
        for match in re.finditer(r"(?ms)^(\w+)\(\) \{\n(.*?)^\}$", tree.text(path)):
            if match.group(2).count("\n") + 2 > LINES:
                line = tree.text(path).count("\n", 0, match.start()) + 1
                yield f"{path}:{line}: {match.group(1)} has more than {LINES} lines"


FILLER = "  step();\n" * LINES
RULES = [
    Rule("function-length", cpp_length,
         {"src/base/a.cc": "namespace a {\nA::A(int b) : c_{b}, d_(b) {\n" + FILLER + "}\n}\n"}, "a.cc:2: A::A has 62 lines"),
    Rule("function-length-main", cpp_length, {"src/tools/a.cc": "int main() {\n" + "  step();\n" * 30 + "}\n"}, "more than 25"),
    Rule("function-length-python", python_length, {"a.py": "def f():\n" + "    f()\n" * LINES}, "a.py:1"),
    Rule("function-length-shell", shell_length, {"a": "#!/bin/sh\nf() {\n" + FILLER + "}\n"}, "a:2"),
]
