# SPDX-License-Identifier: Apache-2.0
"""What lang/samples say of the programs in there (src/lang/samples.h)."""

import pathlib

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "lang" / "samples"


def _lines(name):
    lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def input_of(language):
    """The word that stands for what the correct program is given; empty: two numbers."""
    for line in _lines("samples.cfg"):
        fields = [field.strip() for field in line.split(":", 3)]
        if fields[0] == language:
            return fields[2] if len(fields) > 2 else ""
    raise AssertionError(f"samples.cfg says nothing of {language}")


def runner_of(arch):
    """The script that starts programs of this architecture; empty: they start by themselves."""
    runners = dict(line.split("=", 1) for line in _lines("runners.cfg"))
    return runners[arch] if arch else ""
