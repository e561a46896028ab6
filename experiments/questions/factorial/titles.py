"""What a factorial found, as titles of its figures."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.questions.factorial.result import Shares
from experiments.reporting.finding import Verdict
from experiments.reporting.numbers import listed

NAMED = 2


def by_practice(shares: Shares, names: Sequence[str]) -> str:
    """Which practices make the quantity better and which worse."""
    about, better = shares.quantity.about.inside, bool(shares.quantity.better)
    found = [(name, shares.quantity.finding(value).verdict) for name, value in zip(names, shares.share, strict=True)]
    if not shares.known:
        return f"In one replicate {_largest(shares, names)} adds most to {about}"
    up = [name for name, verdict in found if verdict in (Verdict.BETTER, Verdict.HIGHER)]
    down = [name for name, verdict in found if verdict in (Verdict.WORSE, Verdict.LOWER)]
    if not up and not down:
        return f"What any practice adds to {about} is undecided"
    account = shares.quantity.account
    good, bad = ("better", "worse") if better else ("higher", "lower")
    verbs = [account.verb(True), account.verb(False)] if account else [f"is {good}", f"is {bad}"]
    told = [f"{verb} with {listed(which)}" for verb, which in zip(verbs, (up, down), strict=True) if which]
    rest = len(found) - len(up) - len(down)
    said = f"; {rest} more {'are' if rest > 1 else 'is'} undecided" if rest else ""
    return f"{shares.quantity.about.name} {' and '.join(told)}{said}"


def together_or_apart(shares: Shares, names: Sequence[str]) -> str:
    """How many pairs add more together than apart, and which most."""
    about = shares.quantity.about.inside
    count = len(names)
    cells = [(cell, i, j) for i in range(count) for j in range(i) if (cell := shares.pairs[i][j]) is not None]
    if not cells:
        return f"There is no pair of practices that changes {about}"
    sure = [entry for entry in cells if entry[0].distinguishable]
    if not shares.known or not sure:
        return f"Whether practices change {about} more together than apart is undecided for all {len(cells)} pairs"
    cell, i, j = max(sure, key=lambda entry: abs(entry[0].mean))
    way = "more" if cell.mean > 0 else "less"
    return (
        f"For {about}, {names[j]} and {names[i]} add {way} together than apart; of {len(cells)} pairs "
        f"{len(cells) - len(sure)} are undecided"
    )


def in_order(shares: Shares, names: Sequence[str]) -> str:
    """With which practices the best order begins, and which are better left out."""
    players, path = shares.order.players, shares.order.path
    best = max(range(len(path)), key=lambda step: path[step])
    about = shares.quantity.about.inside
    taken, left = ([names[player] for player in part] for part in (players[:best], players[best:]))
    if not taken:
        return f"For {about} no practice is on average worth taking up, in whichever order"
    first = f"For {about} the best order begins with {listed(taken[:NAMED])}"
    return f"{first}; {_more(len(left))}" if left else f"{first}; each further step adds on average"


def _more(left: int) -> str:
    return "the last one takes away on average" if left == 1 else f"the last {left} take away on average"


def _largest(shares: Shares, names: Sequence[str]) -> str:
    place = max(range(len(names)), key=lambda one: shares.sign * shares.share[one].mean)
    return names[place]
