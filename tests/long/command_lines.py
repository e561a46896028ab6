"""Command lines with one odd word in them, for every option and argument of every command, found by asking click."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import click

from experiments.cli import samspel
from sim import Levers, load_parameters

from . import odd

HERE = "{here}"
OUT = ("--out", "out")
SMALL = ("--scale", "0.01", "--years", "1", "--replicates", "2", "--jobs", "1", "--arms", "siloed,coordinated")
QUESTIONS = ("compare", "sweep", "factorial", "rivals", "sensitivity", "discover", "validate", "calibrate")
SIZES = ("--scale", "--years", "--replicates", "--jobs", "--region", "--steps", "--seed", "--minutes", "--width")


@dataclass(frozen=True)
class CommandLine:
    """What is called, how it was made odd, what a refusal must name, and whether it may be run."""

    arguments: tuple[str, ...]
    how: str
    names: tuple[tuple[str, ...], ...] = ()
    refused: bool = False
    through: bool = False


def command_line(rng: Random) -> CommandLine:
    """A command line with one odd word."""
    made = rng.choice((_option, _option, _option, _endless, _setting, _setting, _sweep, _words))(rng)

    # No system hands over a word with this character in it.
    def plain(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word.replace("\0", "") for word in words)

    return replace(made, arguments=plain(made.arguments), names=tuple(map(plain, made.names)))


@cache
def options_of(command: str) -> tuple[click.Option, ...]:
    """Options of a command that take a value."""
    found = samspel.get_command(click.Context(samspel), command)
    assert found is not None
    return tuple(one for one in found.params if isinstance(one, click.Option) and not one.is_flag and one.opts)


@cache
def decimals() -> tuple[tuple[str, str], ...]:
    """All options that take a number with decimals, each with its command."""
    commands = samspel.list_commands(click.Context(samspel))
    found = ((name, one) for name in commands for one in options_of(name))
    return tuple(
        (name, max(one.opts, key=len)) for name, one in found if isinstance(one.type, click.types.FloatParamType)
    )


def _endless(rng: Random) -> CommandLine:
    """What Python takes for a number, and nobody else does."""
    command, option = rng.choice(decimals())
    value = rng.choice(("nan", "inf", "-inf", "NaN", "-nan", "Infinity", "1e999"))
    out = OUT if any("--out" in one.opts for one in options_of(command)) else ()  # flat runs nothing and writes nothing
    rest = ("x", "x") if command == "diff" else out
    return CommandLine((command, *rest, f"{option}={value}"), f"{command} {option}={value}", ((option,),), True)


def _base(command: str) -> tuple[str, ...]:
    given = ("--region", "botkyrka", *SMALL) if command in QUESTIONS else ()
    return given if command not in ("factorial", "validate") else given[:-2]


def _option(rng: Random) -> CommandLine:
    command = rng.choice(QUESTIONS)
    option = rng.choice([one for one in options_of(command) if "--set" not in one.opts])
    value = odd.value(rng)
    name = max(option.opts, key=len)
    number = isinstance(option.type, click.types.IntParamType | click.types.FloatParamType)
    whole = isinstance(option.type, click.types.IntParamType)
    refused = number and (odd.is_no_number(value) or (whole and value in ("0.5", "3.7", "1e", "1/2")))
    out = () if name == "--out" else OUT
    return CommandLine(
        (command, *_base(command), "--no-figures", *out, f"{name}={value}"),
        f"{command} {name}={value[:60]!r}",
        ((name, value, str(Path(value))) if name in ("--config", "--region", "--out") else (name,),),
        refused,
        through=name not in SIZES and name != "--cluster" and command == "compare" and name == "--out",
    )


def _setting(rng: Random) -> CommandLine:
    names = (*load_parameters().records, *Levers.model_fields)
    name, value = rng.choice(names), odd.value(rng)
    text = rng.choice(
        (f"{name}={value}",) * 6 + (name, f"{name}=", f"={value}", f"{value}={value}", f"{name}={value}=1")
    )
    command = rng.choice(QUESTIONS)
    given = (name,) if text.startswith(name) else ("--set",)
    return CommandLine(
        (command, *_base(command), "--no-figures", *OUT, "--set", text),
        f"{command} --set {text[:80]!r}",
        (("--set", text), (*given, text)),
        odd.is_no_number(value),
        through=command == "compare" and rng.random() < 0.1,
    )


def _sweep(rng: Random) -> CommandLine:
    names = (*load_parameters().records, *Levers.model_fields, "cost_factor", "training")
    low, high, steps, name = odd.value(rng), odd.number(rng), odd.number(rng), rng.choice(names)
    text = rng.choice(
        (f"{name}={low}:{high}", f"{name}=0:{high}", f"{name}=0:1:{steps}", f"{name}={low}", low, f"{low}=0:1")
    )
    return CommandLine(("sweep", *_base("sweep"), *OUT, "--", text), f"sweep {text[:80]!r}", (("sweep", text),))


def _words(rng: Random) -> CommandLine:
    word = odd.text(rng)
    given = rng.choice(
        (("plot", "--", word), ("diff", "--", word, word), ("run", *OUT, "--", word), ("list", "--", word))
    )
    given = rng.choice((given, ("rerun", "--results", word, "x"), ("--", word), (word,), ("compare", word)))
    return CommandLine(given, f"{given!r}"[:100])
