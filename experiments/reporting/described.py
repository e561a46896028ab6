"""What a figure says to those who cannot see it: its title and a description, as elements of its SVG."""

from __future__ import annotations

from xml.sax.saxutils import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure

# What marks them among a figure's texts; the last says what is along x in all panels.
TITLE, NOTE, ACROSS = "figure-title", "figure-note", "figure-across"
KEPT_BLANKS = "<style>text{white-space:pre}</style>"


def title_of(figure: Figure) -> str:
    """The figure's title on one line; empty where it has none."""
    return _text(figure, TITLE)


def description_of(figure: Figure) -> str:
    """What it shows, in words: how it is read, then what each panel has along its axes."""
    panels = [words for axes in figure.axes if axes.get_visible() and (words := _panel(axes))]
    count = f"{len(panels)} panels: " if len(panels) > 1 else ""
    across = _text(figure, ACROSS)
    parts = [
        _text(figure, NOTE),
        f"Across: {across}." if across else "",
        f"{count}{'; '.join(panels)}." if panels else "",
    ]
    return " ".join(filter(None, parts))


def described(svg: str, figure: Figure, name: str) -> str:
    """An SVG that says what it is: an image with a title and a description, by ids that hold among several images in
    one page.

    svg: as matplotlib writes it; name: of the figure's file.
    """
    start, tag, rest = svg.partition("<svg ")
    head, end, body = rest.partition(">")
    ids = [f"{name}-title", f"{name}-desc"]
    words = [
        f"<{element} id={_quoted(one)}>{escape(text)}</{element}>"
        for element, one, text in zip(("title", "desc"), ids, (title_of(figure), description_of(figure)), strict=True)
    ]
    told = "\n ".join([f'role="img" aria-labelledby={_quoted(" ".join(ids))}{end}', *words, KEPT_BLANKS])
    return f"{start}{tag}{head} {told}{body}"


def _text(figure: Figure, mark: str) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts if text.get_gid() == mark)


def _panel(axes: Axes) -> str:
    labels = (("across", axes.get_xlabel()), ("up", axes.get_ylabel()))
    along = "; ".join(f"{way}: {' '.join(label.split())}" for way, label in labels if label)
    title = " ".join(" ".join(axes.get_title(loc="left").split()).rstrip(".").split())
    return f"{title} ({along})" if title and along else title or along


def _quoted(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;"}) + '"'
