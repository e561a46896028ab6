"""`samspel benchmark`: how fast the model is, how large it may grow, and against what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from experiments.design.option_types import WholeRange
from experiments.engine.disk import writing
from experiments.engine.pool import use_one_thread
from experiments.engine.progress import tell
from experiments.tools.benchmark import machine, parts, plan, stored, words
from experiments.tools.benchmark.measurements import Found, Request
from experiments.tools.benchmark.parts import Measured
from experiments.tools.benchmark.plan import Plan
from experiments.tools.benchmark.rows import PARTS, Row
from experiments.tools.benchmark.trees import MeasureError, Tree, earlier_tree, this_tree
from sim.errors import SamspelError, unknown

ROUNDS, QUICK_ROUNDS = 5, 1
LISTED = "\n".join(f"  {letter}  {title}" for letter, title in PARTS.items())
HELP = f"""How fast the model is, and how large a region may be.

\b
Parts:
{LISTED}

Everything is measured in processes of its own, one after the other, and once a round; figures are medians of the
rounds. Each is told first as a ratio to what it is compared with, as machines differ and are busy. The whole takes a
quarter of an hour, and twice that with --against; nothing else should run on the machine meanwhile.
"""


@click.command(help=HELP, short_help="How fast it is, how large, and against what.")
@click.option("--quick", is_flag=True, help="Small regions and short runs: a look at everything in about a minute.")
@click.option("--part", "letters", metavar="LETTERS", help="These parts alone, such as a,d.  [all]")
@click.option("--rounds", type=WholeRange(1, 99), metavar="N",
              help=f"Rounds of measurements.  [{ROUNDS}; {QUICK_ROUNDS} with --quick]")  # fmt: skip
@click.option("--against", metavar="REV", help="Also measure this commit, round by round beside this version.")
@click.option("--own-environment", is_flag=True,
              help="Measure REV with the packages of its lock file, even where those here fit.")  # fmt: skip
@click.option("--compare", is_flag=True, help="Also time samspel compare as it comes, once: some minutes.")
@click.option("--check", is_flag=True, help="Exit with 1 where a target is missed or the reference was faster.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("results/benchmark"), show_default=True,
              metavar="FOLDER", help="Where benchmark.json, .md and .png go.")  # fmt: skip
def benchmark(quick: bool, letters: str | None, rounds: int | None, against: str | None, own_environment: bool,
              compare: bool, check: bool, out: Path) -> int:  # fmt: skip
    """The command."""
    use_one_thread()
    chosen = chosen_parts(letters)
    size = plan.quick(rounds or QUICK_ROUNDS) if quick else plan.whole(rounds or ROUNDS, compare)
    reference = stored.read_reference()
    _check_out(out)
    place = machine.described()
    with ExitStack() as stack:
        trees = [this_tree()]
        if against is not None:
            trees.append(stack.enter_context(earlier_tree(against, own_environment)))
        found = measure(size, trees, chosen)
        rows, notes = list(told(size, trees, found, reference, chosen)), _notes(trees, found)
    about = machine.words(place, after := machine.load_now())
    earlier = found[1] if len(found) > 1 else None
    baseline = reference.baseline
    if earlier is not None and not quick:
        figures = baseline.figures if baseline.commit == trees[1].commit else {}
        baseline = stored.Stand(commit=trees[1].commit, figures={**figures, **earlier.figures()})
    _write(out, rows, about, size.rounds, notes,
           stored.written(trees[0].commit, place | {"load_after": after, "rounds": size.rounds}, found[0].figures(),
                          baseline, rows))  # fmt: skip
    for line in (*words.terminal(rows), *(f"note: {note}" for note in notes)):
        click.echo(line)
    slower = words.regressions(rows)
    for line in slower:
        click.echo(f"slower than the reference: {line}")
    click.echo(f"Written to {out}: benchmark.md, benchmark.png, benchmark.json")
    return int(check and (bool(slower) or any(row.met == "no" for row in rows)))


def chosen_parts(letters: str | None) -> tuple[str, ...]:
    """Letters of parts, in their order. Raises SamspelError for one that does not exist."""
    if letters is None:
        return tuple(PARTS)
    asked = [letter.strip().lower() for letter in letters.split(",") if letter.strip()]
    for letter in asked:
        if letter not in PARTS:
            raise unknown("--part", letter, tuple(PARTS))
    if not asked:
        raise SamspelError(f"--part: names no part; expected some of {', '.join(PARTS)}")
    return tuple(letter for letter in PARTS if letter in asked)


def measure(size: Plan, trees: Sequence[Tree], chosen: Sequence[str]) -> list[Found]:
    """All that the chosen parts ask for, of every tree, round by round; one finding a tree."""
    requests = {request.name: request for letter in chosen if letter in parts.PARTS
                for request in parts.PARTS[letter].requests(size)}  # fmt: skip
    found = [Found() for _ in trees]
    for turn in range(size.rounds):
        for request in requests.values():
            for tree, answers in zip(trees, found, strict=True):
                if turn < request.most and (tree is trees[0] or request.also_earlier):
                    _ask(tree, request, answers, turn, size.rounds)
    return found


def _ask(tree: Tree, request: Request, answers: Found, turn: int, rounds: int) -> None:
    """One measurement; one that went wrong is told of, and not tried again."""
    if request.name in answers.failed:
        return
    tell(f"round {turn + 1} of {rounds}: {request.name}{f', commit {tree.commit}' if tree.commit else ''}")
    try:
        answers.add(request, tree.ask(request))
    except MeasureError as error:
        answers.failed[request.name] = str(error)


def told(
    size: Plan, trees: Sequence[Tree], found: Sequence[Found], reference: stored.Stored, chosen: Sequence[str]
) -> Iterator[Row]:
    """The rows of the chosen parts."""
    measured = Measured(
        plan=size,
        here=found[0].figures(),
        earlier=found[1].figures() if len(found) > 1 else {},
        earlier_commit=trees[1].commit if len(trees) > 1 else "",
        reference=reference.figures,
        before=reference.baseline.figures,
        before_commit=reference.baseline.commit,
    )
    for letter in chosen:
        yield from parts.PARTS[letter].rows(measured) if letter in parts.PARTS else ordinary_rows(size)


def ordinary_rows(size: Plan) -> list[Row]:
    """(a), measured in this process."""
    from experiments.tools.benchmark.ordinary.measure import measured

    return measured(size.ordinary, size.rounds)


def _notes(trees: Sequence[Tree], found: Sequence[Found]) -> list[str]:
    """What else has to be known: environments, and measurements that went wrong."""
    environments = [f"commit {tree.commit} ran in {tree.environment}" for tree in trees[1:]]
    return [*environments, *(f"not measured: {why}" for one in found for why in one.failed.values())]


def _check_out(out: Path) -> None:
    """Refuse, with a SamspelError, a place where no folder can be, before anything is measured."""
    if out.exists() and not out.is_dir():
        raise SamspelError(f"--out {out}: is a file; expected a folder")
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)


def _write(out: Path, rows: Sequence[Row], about: str, rounds: int, notes: Sequence[str], data: str) -> None:
    """The three files."""
    from experiments.tools.benchmark.figure import draw

    with writing(out):
        (out / f"{stored.NAME}.json").write_text(data + "\n", encoding="utf-8")
        (out / f"{stored.NAME}.md").write_text(words.page(rows, about, rounds, notes), encoding="utf-8")
        draw(rows, about, out / f"{stored.NAME}.png")
