"""Brand colours: every owner's colour ends readable in both themes."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawabit.kit import brand as kit_brand
from rawabit.kit.brand import (
    DARK,
    DEFAULT,
    LIGHT,
    Brand,
    NotAColour,
    contrast,
    derive,
    parse_colour,
    ratios,
    stylesheet,
)

CSS = Path(kit_brand.__file__).parent / "screens" / "static" / "kit" / "ui.css"
HARD = "#ffffff #000000 #808080 #777777 #757575 #ffff00 #00ff00 #ff0000 #0000ff #f5c400 #0e5a6b #fafafa #111111".split()


def failing(brand: Brand) -> list[object]:
    return [r for r in ratios(brand) if r.ratio < r.needed]


@pytest.mark.parametrize("colour", HARD)
def test_hard_colours_pass_every_pair(colour: str) -> None:
    assert failing(derive(colour)) == []


def test_a_thousand_random_colours_pass_every_pair() -> None:
    dice = random.Random(1)
    colours = [f"#{dice.randrange(1 << 24):06x}" for _ in range(1000)]
    assert {c: failing(derive(c)) for c in colours if failing(derive(c))} == {}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, (1 << 24) - 1))
def test_any_colour_passes(number: int) -> None:
    assert failing(derive(f"#{number:06x}")) == []


def test_a_good_colour_is_kept_exactly() -> None:
    brand = derive("#0E5A6B")
    assert (brand.raw, brand.light.brand, brand.light.on_brand) == ("#0e5a6b", "#0e5a6b", "#ffffff")


def test_yellow_keeps_its_fill_at_night_and_darkens_on_paper() -> None:
    brand = derive("#f5c400")
    assert brand.dark.brand == "#f5c400"
    assert brand.dark.on_brand == kit_brand.INK
    assert contrast(brand.light.brand, LIGHT["card"]) >= 3


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize(("text", "colour"), [("#abc", "#aabbcc"), ("ABCDEF", "#abcdef"), (" #123456 ", "#123456")])
def test_parse_colour(text: str, colour: str) -> None:
    assert parse_colour(text) == colour


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345", "#1234567", "url(x)", "#00000g", "#fff;}body{"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(NotAColour):
        derive(text)


def test_stylesheet_sets_every_brand_token_once_and_owner_css_last() -> None:
    css = stylesheet(derive(DEFAULT), ".card{border-radius:0}")
    names = re.findall(r"(--[a-z-]+):", css)
    assert sorted(names) == sorted(
        ["--brand-raw", "--brand", "--brand-hover", "--on-brand", "--brand-text", "--brand-tint", "--brand-line"]
    )
    assert css.startswith("@layer brand{") and css.rstrip().endswith(".card{border-radius:0}\n}")
    assert css.count("{") == css.count("}")


# ---------------------------------------------------------------- the default palette in ui.css
def tokens() -> dict[str, tuple[str, str]]:
    text = CSS.read_text(encoding="utf-8")
    pairs = re.findall(r"--([a-z0-9-]+):light-dark\((#[0-9a-f]+),(#[0-9a-f]+)\)", text)
    return {name: (parse_colour(light), parse_colour(dark)) for name, light, dark in pairs}


def test_surfaces_of_the_stylesheet_are_those_brands_are_measured_on() -> None:
    css = tokens()
    for theme, surfaces in enumerate((LIGHT, DARK)):
        assert {name: css[name][theme] for name in surfaces} == dict(surfaces)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_default_palette_is_readable(theme: int) -> None:
    css = {name: pair[theme] for name, pair in tokens().items()}
    surfaces = [css[name] for name in LIGHT]
    low = []
    for name, needed, grounds in [
        ("text", 7, surfaces), ("text-2", 4.5, surfaces), ("line-ctl", 3, surfaces[:2]),
        ("brand-text", 4.5, [*surfaces, css["brand-tint"]]), ("brand-line", 3, surfaces),
        ("on-brand", 4.5, [css["brand"], css["brand-hover"]]), ("brand", 3, [css["card"]]),
        *[(s, 4.5, [css[f"{s}-bg"], css["card"], css["page"]]) for s in ("ok", "warn", "bad", "info")],
        ("text", 4.5, [css["mute-bg"], css["brand-tint"]]),
        *[(f"c{n}", 3, [css["card"]]) for n in range(2, 9)],
    ]:  # fmt: skip
        measured = [(name, ground, round(contrast(css[name], ground), 2)) for ground in grounds]
        low += [row for row in measured if row[2] < needed]
    assert low == []
