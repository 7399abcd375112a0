"""The documentation names everything that a map may say."""

from pathlib import Path

import pytest

from rawabit.connect.targets import ENTITIES
from rawabit.kit.importing import load_map
from rawabit.kit.importing.encodings import ALLOWED
from rawabit.kit.importing.mapreader import _PICK, _SOURCE, _TARGET, _TOP
from rawabit.kit.importing.maps import TESTS
from rawabit.kit.importing.transforms import NUMBER_TRANSFORMS, TEXT_TRANSFORMS
from tests.connect.makers import MAPS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
WORDS = set(TEXT.replace("`", " ").replace("*", " ").replace(",", " ").replace("(", " ").replace(";", " ").split())


def test_every_key_and_field_is_documented() -> None:
    keys = {*_TOP, *_SOURCE, *_TARGET, *_PICK, *TESTS, *TEXT_TRANSFORMS, *NUMBER_TRANSFORMS}
    fields = {spec.name for entity in ENTITIES.values() for spec in (*entity.fields, *entity.line_fields)}
    cleaned = {word.strip(".:)[]{}|=") for word in WORDS}
    assert sorted((keys | fields | set(ENTITIES)) - cleaned - {"target", "source", "defaults"}) == []
    assert all(name in TEXT for name in ("UTF-8", "UTF-16", "cp720", "cp864", "windows-1256", "ISO-8859-6"))
    assert len(ALLOWED) == 11


@pytest.mark.parametrize("path", sorted(MAPS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_map_that_comes_with_the_program_is_sound(path: Path) -> None:
    assert load_map(path, ENTITIES).targets
