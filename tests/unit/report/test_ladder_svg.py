"""A ladder's picture is the golden one, well formed, and says in words what it shows."""

import math
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from deskc.ladder.model import Ladder, averages, needs
from deskc.ladder.settings import Core
from deskc.report.ladder_svg import ladder_svg

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "report" / "ladder.svg"
CORE = Core(num_orders=4, take_profit_pct=0.5)
LADDER = Ladder((10.5, 18.0, 29.5, 42.0), (0.0, 6.25, 12.5, 20.0))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(ladder: Ladder = LADDER, core: Core = CORE, title: str = "live/maker/ETH/LONG") -> ET.Element:
    """Draw a ladder and read the document."""
    return ET.fromstring(ladder_svg(ladder, core, title=title))  # noqa: S314 - our own document


def test_the_picture_is_the_golden_one() -> None:
    """Four panels: volumes, position, prices with average entry, needs."""
    assert ladder_svg(LADDER, CORE, title="live/maker/ETH/LONG") == GOLDEN.read_text(encoding="utf-8")


def test_both_themes_have_their_colours_and_nothing_runs() -> None:
    """The reader's colour scheme decides by a media query; there is no script and nothing to fetch."""
    text = ladder_svg(LADDER, CORE, title="x")
    assert "@media (prefers-color-scheme: dark)" in text
    assert "<script" not in text
    assert "href" not in text
    assert "url(" not in text


def test_every_class_has_a_colour_in_both_themes() -> None:
    """What is drawn never falls back to black, which the dark ground would hide."""
    style = drawn().findtext(f"{SVG}style") or ""
    light, dark = style.split("@media")
    used = {name for element in drawn().iter() for name in element.get("class", "").split()}
    assert used - {"head", "name", "value"} == {"ground", "ink", "muted", "grid", "axis", "line", "one", "two"}
    for name in used - {"head", "name", "value", "line"}:
        assert f".{name} {{ " in light
        assert f".{name} {{ " in dark


def test_words_say_what_is_shown() -> None:
    """Title and description are referred to; each bar and mark names its order and its value."""
    picture = drawn()
    named = {element.get("id"): element.text for element in picture}
    worst = f"greatest need {max(needs(LADDER, CORE)):.4g} % at order 4."
    assert [named[one] for one in picture.get("aria-labelledby", "").split()] == [
        "live/maker/ETH/LONG",
        f"4 orders, long, sized in base, indents from 0 to 20 %; volumes from 10.5 to 42 %, {worst}",
    ]
    words = [element.text for element in picture.iter(f"{SVG}title")]
    assert "order 3: 29.5 %" in words
    assert "order 3: 58 %" in words
    assert f"order 4: average entry {100 * averages(LADDER, CORE)[3]:.6g} %" in words
    assert len(words) == 1 + 5 * 4


def test_a_title_is_text_whatever_it_holds() -> None:
    """Markup and control characters are written out."""
    assert drawn(title="<b>&\x1b").findtext(f"{SVG}title") == "<b>&\\x1b"


@pytest.mark.parametrize("orders", [2, 10, 11, 60])
@pytest.mark.parametrize("side", ["long", "short"])
def test_everything_lies_within_the_picture(side: str, orders: int) -> None:
    """Bars and marks of few and of many orders stay on the sheet, and no number is missing."""
    volumes = tuple(200 * (place + 1) / (orders * (orders + 1)) for place in range(orders))
    ladder = Ladder(volumes, tuple(30.0 * place / (orders - 1) for place in range(orders)))
    picture = drawn(ladder, Core(num_orders=orders, side="long" if side == "long" else "short", base_price=0.0001))
    _, _, width, height = map(float, picture.get("viewBox", "").split())
    for element in picture.iter():
        for name, end in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(element.get(name, 0)) <= end
    assert len(list(picture.iter(f"{SVG}rect"))) == 1 + 3 * orders


@pytest.mark.parametrize(
    "ladder",
    [
        Ladder((100.0,), (0.0,)),
        LADDER._replace(indents=(0.0, 20.0)),
        LADDER._replace(volumes=(10.0, math.nan, 20.0, 30.0)),
        LADDER._replace(volumes=(0.0, 20.0, 30.0, 50.0)),
        LADDER._replace(indents=(0.0, 10.0, 20.0, 100.0)),
    ],
)
def test_what_is_no_ladder_is_not_drawn(ladder: Ladder) -> None:
    """One plain sentence says so; no infinity reaches a picture."""
    with pytest.raises(ValueError, match=r"are no ladder to draw|finite numbers above 0 can be drawn"):
        drawn(ladder)
