"""Rules of right-to-left and of the strict content policy, read off our styles, scripts and templates (B1-B6, B12)."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rawabit
from rawabit.kit.screens import gallery_words

SOURCE = Path(rawabit.__file__).parent
STATIC = SOURCE / "kit" / "screens" / "static" / "kit"
KIT_TEMPLATES = SOURCE / "kit" / "screens" / "templates"


def files(*endings: str) -> list[Path]:
    found = [p for p in SOURCE.rglob("*") if p.suffix in endings and p.is_file() and "templates" + "/pdf" not in str(p)]
    assert found, endings
    return sorted(found)


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


STYLES, SCRIPTS, TEMPLATES = files(".css"), files(".js"), files(".html")


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Selector and declarations of each innermost rule, comments removed."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for match in re.finditer(r"([^{}]+)\{([^{}]*)\}", css):
        yield match[1].strip(), match[2]


# Rule B1-2: numbers stand right in both directions, inputs that are always Latin stand right in right-to-left pages.
MAY_ALIGN = re.compile(r"\.num|\.in-ltr|\.in-amount|\.in\[dir=ltr\]|\.totals dd")
PHYSICAL = re.compile(
    r"(?:^|;)\s*(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right|float|clear|border-(?:top|bottom)-(?:left|right)-radius"
    r"|text-align\s*:\s*(?:left|right))\b"
)


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_styles_have_no_left_and_right(path: Path) -> None:
    bad = []
    for selector, body in rules(path.read_text(encoding="utf-8")):
        for declaration in body.split(";"):
            aligned = declaration.strip().startswith("text-align")
            if PHYSICAL.search(declaration) and not (aligned and MAY_ALIGN.search(selector)):
                bad.append((selector, declaration.strip()))
    assert bad == []


def test_the_ban_on_sides_bites() -> None:
    for bad in ("margin-left:1px", "right:0", "text-align:left", "float:left", "border-top-left-radius:2px"):
        assert PHYSICAL.search(bad), bad
    for good in ("margin-inline-start:1px", "inset-inline-end:0", "text-align:start", "overflow-x:auto", "copyright:0"):
        assert not PHYSICAL.search(good), good


BANNED_IN_STYLES = {
    "letter-spacing": r"letter-spacing",
    "case": r"text-transform",
    "slant": r"font-style\s*:\s*(?:italic|oblique)",
    "reversed row": r"row-reverse",
    "justified": r"text-align\s*:\s*justify",
    "foreign address": r"url\(\s*['\"]?(?:https?:)?//|@import",
}


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_styles_obey_the_bans(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [what for what, pattern in BANNED_IN_STYLES.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_transforms_that_move_sideways_follow_the_direction(path: Path) -> None:
    moved = re.compile(r"(?:translate|scale)\s*:\s*(?:calc\()?-?[\d.]*[1-9][\d.]*(?:px|rem|em|%)")
    bad = [
        (selector, line)
        for selector, body in rules(path.read_text(encoding="utf-8"))
        for line in body.split(";")
        if moved.search(line) and "--flip" not in line
    ]
    assert bad == []


BANNED_IN_SCRIPTS = {
    "browser's own formats": r"toLocale\w+|Intl\.",
    "physical style": r"style\.(?:left|right|marginLeft|marginRight)",
    "code from text": r"\beval\(|new Function|document\.write|setTimeout\(\s*['\"]",
    "foreign address": r"['\"`](?:https?:)?//",
    "letters of one layout": r"event\.keyCode|event\.which",
}


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_scripts_obey_the_bans(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [what for what, pattern in BANNED_IN_SCRIPTS.items() if re.search(pattern, text)] == []


BANNED_IN_TEMPLATES = {
    "number input": r"type=[\"']?number",
    "browser date": r"type=[\"']?(?:date|datetime-local|month|week|time)[\"' >]",
    "inline style": r"<style|\sstyle=",
    "inline script": r"<script(?![^>]*\ssrc=)[^>]*>",
    "handler": r"\son[a-z]+=",
    "script address": r"(?:href|src|action)=[\"']?\s*javascript:",
    "foreign address": r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//",
    "slant": r"<(?:i|em|cite)>",
    "evaluated attribute": r"hx-on|hx-vals=[\"']js:|hx-vars",
    "side in a class": r"class=\"[^\"]*\b(?:text|float|pull|m|p)[a-z]*-(?:left|right)\b",
}
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
# Mail has no style sheets and no logical properties in its readers (B9); paper has its own engine (B10).
NOT_SCREENS = re.compile(r"/(?:mail|paper|pdf)/|/(?:kit/outbox/button|kit/outbox/mail|telling/mail)\.html$")


@pytest.mark.parametrize("path", [p for p in TEMPLATES if not NOT_SCREENS.search(str(p))], ids=name)
def test_templates_obey_the_bans(path: Path) -> None:
    text = COMMENTS.sub("", path.read_text(encoding="utf-8"))
    assert [what for what, pattern in BANNED_IN_TEMPLATES.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("number input", '<input type="number">'), ("browser date", '<input type="date" >'),
        ("inline style", '<p style="x">'), ("inline script", "<script>x</script>"),
        ("handler", '<a onclick="x">'), ("foreign address", '<script src="https://cdn.example/x.js">'),
        ("evaluated attribute", '<a hx-on:click="x">'),
    ],
)  # fmt: skip
def test_the_bans_on_templates_bite(what: str, sample: str) -> None:
    assert re.search(BANNED_IN_TEMPLATES[what], sample)


# ---------------------------------------------------------------- weight
def packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_the_design_system_keeps_its_weight() -> None:
    assert packed(STATIC / "ui.css") <= 14 * 1024
    assert packed(*(STATIC / "js").glob("*.js")) <= 8 * 1024
    assert packed(STATIC / "icons.svg") <= 6 * 1024
    fonts = {path.name: path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")}
    assert fonts.pop("vazirmatn-400-700.woff2") <= 45 * 1024
    assert all(size <= 2 * 1024 for size in fonts.values()) and len(fonts) == 2


def test_fonts_come_with_their_licences() -> None:
    for licence in ("vazirmatn-OFL.txt", "riyal-OFL.txt"):
        assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / licence).read_text(encoding="utf-8")


# ---------------------------------------------------------------- icons and words
def test_every_icon_that_a_template_asks_for_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    asked = {
        (icon, name(path))
        for path in TEMPLATES
        for icon in re.findall(r'\{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert asked
    assert {pair for pair in asked if pair[0] not in drawn} == set()


def test_the_gallery_has_every_word_in_three_languages() -> None:
    assert {len(line.split(" | ")) for line in gallery_words._ROWS.strip().splitlines()} == {4}
    asked = set(re.findall(r"\bw\.([a-z0-9_]+)", (KIT_TEMPLATES / "kit" / "gallery.html").read_text(encoding="utf-8")))
    assert asked <= set(gallery_words.words_in("ar"))


def test_the_menus_ask_for_icons_that_exist() -> None:
    from rawabit.config.menu import CREATE, GROUPS, PORTAL

    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    items = [*CREATE, *PORTAL, *(item for _, group in GROUPS for item in group)]
    assert {item.icon for item in items} - drawn == set()
