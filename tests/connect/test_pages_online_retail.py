"""The public data set through the pages: the same control figures as from the command line."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from rawabit.billing.models import Invoice
from rawabit.ledger.queries import verify_ledger
from tests import makers
from tests.connect.desk import AtDesk
from tests.connect.makers import MAPS, do
from tests.connect.test_online_retail import DATA, FIGURES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason=f"the public data set is absent: {DATA}"),
]
MAP = (MAPS / "online_retail.toml").read_text(encoding="utf-8")


def through_the_pages(content: bytes) -> dict[str, object]:
    desk = AtDesk(makers.make_user("manager", "هند", language="en"))
    file = desk.check_by(desk.bring(content, DATA.name), MAP)
    assert (file.state, file.error) == ("checked", "")
    checked = {name: file.checked[name] for name in FIGURES}
    assert Invoice.objects.count() == 0
    file = desk.run(file)
    assert (file.state, file.error) == ("done", "")
    made = {name: count for name, count in file.facts["created"].items() if name in FIGURES["created"]}
    facts = {**{name: file.facts[name] for name in FIGURES}, "created": made}
    assert facts == checked
    assert verify_ledger() == []
    desk.undo(file)
    assert Invoice.objects.count() == 0
    return checked


def test_three_thousand_rows_come_to_the_same(tmp_path: Path) -> None:
    with DATA.open("rb") as file:
        content = b"".join(islice(file, 3_001))
    path = tmp_path / DATA.name
    path.write_bytes(content)
    expected = do(path, "online_retail", rehearse=True)
    assert expected.facts["rows_read"] == 3_000
    assert through_the_pages(content) == expected.facts


@pytest.mark.bench
def test_the_whole_set_comes_to_the_control_figures() -> None:
    assert through_the_pages(DATA.read_bytes()) == FIGURES
