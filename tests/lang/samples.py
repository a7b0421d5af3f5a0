# SPDX-License-Identifier: Apache-2.0
"""Where the sample programs are, and how they are started (src/lang/samples.h)."""

import pathlib

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "lang" / "samples"


def runner_of(arch):
    """The script that starts programs of this architecture; empty: they start by themselves."""
    lines = (SAMPLES / "runners.cfg").read_text(encoding="utf-8").splitlines()
    runners = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return runners[arch] if arch else ""
