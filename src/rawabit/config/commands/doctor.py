"""doctor: every check is asked, every answer is one line; the exit code is 1 when something must be mended."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from rawabit.config.commands import checks
from rawabit.config.commands.environment import start_django
from rawabit.config.commands.refusals import FULL, Stop, first_line, sentence


def run(args: argparse.Namespace) -> int:
    answers = examine()
    if args.json:
        print(
            json.dumps({"ok": all(a.good for a in answers), "checks": [asdict(a) for a in answers]}, ensure_ascii=False)
        )
    else:
        print("\n".join(f"{'✓' if a.good else '✗'} {a.name}: {a.said}" for a in answers))
    return 0 if all(answer.good for answer in answers) else 1


def examine() -> list[checks.Answer]:
    """All answers. Without settings or a data folder nothing else can be asked."""
    answers = [checks.python()]
    try:
        start_django()
    except (Stop, OSError) as error:
        return [*answers, checks.Answer("settings", False, sentence(error) or first_line(error))]
    answers.append(checks.Answer("settings", True, "read from the environment"))
    return answers + [_asked(name, check) for name, check in checks.CHECKS.items()]


def _asked(name: str, check: checks.Check) -> checks.Answer:
    """A check's answer; a check that falls over has found something."""
    try:
        good, said = check()
    except Exception as error:
        words = sentence(error) or first_line(error)
        return checks.Answer(name, False, words if words != FULL else "full")
    return checks.Answer(name, good, said)
