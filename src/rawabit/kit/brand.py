"""One brand colour to the eight brand tokens of both themes, with guaranteed contrast.

Works in OKLCH (Björn Ottosson's matrices): hue and chroma stay the owner's, lightness moves the least that WCAG 2.2
asks for: 4.5:1 for text, 3:1 for controls and focus rings. A margin above each bound covers rounding to 8 bits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

Rgb = tuple[float, float, float]

#: Surfaces of the design system that brand text and lines may lie on (ui.css, layer tokens).
LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {"page": "#f7f6f3", "card": "#ffffff", "sunken": "#efede8", "hover": "#f5f3ef"}
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {"page": "#131416", "card": "#1b1d20", "sunken": "#0e0f11", "hover": "#22252a"}
)
WHITE: Final = "#ffffff"
INK: Final = "#14161a"
DEFAULT: Final = "#0e5a6b"
_HEX: Final = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class NotAColour(ValueError):
    """The text is no colour of the form #rgb or #rrggbb."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The brand's colours in one theme, each #rrggbb.

    `brand` fills buttons, `hover` the button under the pointer, `on_brand` writes on both; `text` is for links and
    the current place; `tint` lies behind them; `line` is the focus ring and the line under the current tab.
    """

    brand: str
    hover: str
    on_brand: str
    text: str
    tint: str
    line: str


@dataclass(frozen=True, slots=True)
class Brand:
    """The owner's colour untouched (`raw`, for the logo strip and mail headers) and both themes."""

    raw: str
    light: Tokens
    dark: Tokens


@dataclass(frozen=True, slots=True)
class Ratio:
    """One measured pair: `theme` light | dark, `pair` such as "text/card", `ratio`, and what it must reach."""

    theme: str
    pair: str
    ratio: float
    needed: float


def parse_colour(text: str) -> str:
    """#rgb, #rrggbb, with or without #, to #rrggbb in small letters. NotAColour otherwise."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise NotAColour(text)
    digits = match[1].lower()
    return "#" + ("".join(c * 2 for c in digits) if len(digits) == 3 else digits)


# ---------------------------------------------------------------- colour spaces
def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> int:
    value = min(max(value, 0.0), 1.0)
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def luminance(colour: str) -> float:
    """Relative luminance 0…1 (WCAG 2.2)."""
    red, green, blue = _rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1…21 of two colours #rrggbb (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _to_oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _rgb(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _to_linear(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour inside sRGB with this lightness and hue: chroma gives way."""
    for step in range(41):
        channels = _to_linear(lightness, chroma * (1 - step / 40), hue)
        if all(-0.0005 <= value <= 1.0005 for value in channels):
            break
    return "#" + "".join(f"{_encoded(value):02x}" for value in channels)


def _seek(start: float, chroma: float, hue: float, surfaces: Iterable[str], needed: float, step: float) -> str:
    """Move lightness by `step` until the colour reaches `needed` on every surface; black or white at the end."""
    surfaces, lightness = list(surfaces), start
    while 0 <= lightness <= 1:
        colour = _from_oklch(lightness, chroma, hue)
        if min(contrast(colour, surface) for surface in surfaces) >= needed:
            return colour
        lightness += step
    return "#000000" if step < 0 else WHITE


# ---------------------------------------------------------------- tokens
@lru_cache(maxsize=64)
def derive(colour: str) -> Brand:
    """Tokens of both themes for the owner's colour. NotAColour when it is none."""
    raw = parse_colour(colour)
    return Brand(raw, light=_theme(raw, LIGHT, away=-0.01), dark=_theme(raw, DARK, away=0.01))


def _theme(raw: str, surfaces: Mapping[str, str], *, away: float) -> Tokens:
    """`away` is the step of lightness that leads away from the surfaces: down on paper, up at night."""
    lightness, chroma, hue = _to_oklch(raw)
    grounds = list(surfaces.values())
    brand, on_brand = _solid(raw, surfaces["card"], away)
    tint = _from_oklch(0.955 if away < 0 else 0.27, min(chroma, 0.03 if away < 0 else 0.045), hue)
    near = min(lightness, 0.62) if away < 0 else max(lightness, 0.62)
    return Tokens(
        brand=brand,
        hover=_hover(brand, on_brand, surfaces["card"], dark=away > 0),
        on_brand=on_brand,
        text=_seek(near, min(chroma, 0.16), hue, [*grounds, tint], 4.6, away),
        tint=tint,
        line=_seek(lightness, chroma, hue, grounds, 3.1, away),
    )


def _solid(raw: str, card: str, away: float) -> tuple[str, str]:
    """The fill and what is written on it: the owner's very colour when it is visible and readable as it is."""
    solid = raw
    if contrast(solid, card) < 3:
        solid = _seek(*_to_oklch(solid), [card], 3.0, away)
    on_brand = max((WHITE, INK), key=lambda ink: contrast(ink, solid))
    if contrast(on_brand, solid) < 4.6:
        solid = _seek(*_to_oklch(solid), [on_brand], 4.6, -0.01 if on_brand == WHITE else 0.01)
    return solid, on_brand


def _hover(brand: str, on_brand: str, card: str, *, dark: bool) -> str:
    lightness, chroma, hue = _to_oklch(brand)
    shifted = min(max(lightness + (-0.05 if on_brand == WHITE else 0.05), 0.0), 1.0)
    hover = _from_oklch(shifted, chroma, hue)
    return brand if dark and on_brand == WHITE and contrast(hover, card) < 3 else hover


def ratios(brand: Brand) -> list[Ratio]:
    """Every pair that must be readable, measured: for the settings page's live result and the tests."""
    measured = []
    for theme, tokens, surfaces in (("light", brand.light, LIGHT), ("dark", brand.dark, DARK)):
        pairs = [
            ("on_brand/brand", tokens.on_brand, tokens.brand, 4.5),
            ("on_brand/hover", tokens.on_brand, tokens.hover, 4.5),
            ("brand/card", tokens.brand, surfaces["card"], 3.0),
            ("text/tint", tokens.text, tokens.tint, 4.5),
        ]
        pairs += [(f"text/{name}", tokens.text, surface, 4.5) for name, surface in surfaces.items()]
        pairs += [(f"line/{name}", tokens.line, surface, 3.0) for name, surface in surfaces.items()]
        measured += [Ratio(theme, name, round(contrast(one, other), 2), needed) for name, one, other, needed in pairs]
    return measured


_PROPERTIES: Final = {
    "brand": "--brand",
    "hover": "--brand-hover",
    "on_brand": "--on-brand",
    "text": "--brand-text",
    "tint": "--brand-tint",
    "line": "--brand-line",
}


def stylesheet(brand: Brand, owner_css: str = "") -> str:
    """CSS of the brand layer; `owner_css` (already sanitised) follows in the same layer and so wins over it."""
    light, dark = asdict(brand.light), asdict(brand.dark)
    lines = [f"{prop}:light-dark({light[name]},{dark[name]});" for name, prop in _PROPERTIES.items()]
    body = "\n".join(["@layer brand{", ":root{", f"--brand-raw:{brand.raw};", *lines, "}"])
    return f"{body}\n{owner_css.strip()}\n}}\n"
