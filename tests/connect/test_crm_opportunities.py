"""The public CRM data set, whole: the control figures of accounts, products, agents and opportunities."""

from itertools import islice
from pathlib import Path

import pytest
from django.db.models import Count, Sum

from rawabit.catalog.models import Item, ItemGroup, Price
from rawabit.connect.actions import undo
from rawabit.crm.models import Customer, CustomerGroup
from rawabit.identity.models import Role, Team, User
from rawabit.kit.records.actor import system
from rawabit.pipeline.models import LostReason, Opportunity, OpportunityLine, Pipeline, Stage, StageMove
from tests.connect.makers import NOW, do

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "real-input" / "crm-opportunities"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason=f"the public data set is absent: {DATA}"),
]
FIGURES = {
    "rows_read": 8_927,
    "imported": 8_927,
    "reported": 0,
    "created": {
        "colleague": 35, "customer": 85, "customer_group": 10, "item": 7, "item_group": 3, "opportunity": 8_800,
        "price": 7,
    },
    "documents": {"opportunity": {"USD": 8_800}},
    "totals": {"opportunity": {"USD": "10005534.00"}},
    "states": {"opportunity": {
        "won": {"count": 4_238, "USD": "10005534.00"}, "lost": {"count": 2_473, "USD": "0.00"},
        "open": {"count": 2_089, "USD": "0.00"},
    }},
    "stages": {"opportunity": {"Engaging": 1_589, "Prospecting": 500}},
    "without": {"opportunity": {"customer": 1_425}},
    "besides": {
        "lost_reason": 1, "manager": 6, "office": 3, "pipeline": 1, "price_list": 1, "stage": 2, "team": 6,
    },
    "reasons": {},
}  # fmt: skip
MODELS = (Opportunity, OpportunityLine, StageMove, Stage, Pipeline, LostReason, Item, ItemGroup, Price, Customer,
          CustomerGroup, Team, User)  # fmt: skip


def test_the_public_crm_data_set_becomes_a_pipeline_with_its_history() -> None:
    done = do(DATA, "crm-opportunities")
    facts = done.facts
    assert {name: facts[name] for name in FIGURES} == FIGURES
    told = {(row["written"], row["read_as"]): row["rows"] for row in facts["aliases"]}
    assert (told["GTXPro", "GTX Pro"], told["technolgy", "technology"]) == (1_480, 12)
    assert ("GTX Pro", "GTX Pro") not in told
    _database_says_the_same()
    before = [list(model._default_manager.order_by("pk").values_list()) for model in MODELS]
    again = do(DATA, "crm-opportunities")
    changed = {"created": {}, "besides": {}}
    assert {name: again.facts[name] for name in FIGURES} == {**FIGURES, **changed}
    assert again.result.run is None
    assert [list(model._default_manager.order_by("pk").values_list()) for model in MODELS] == before
    assert done.result.run is not None
    assert sum(count.kept for count in undo(done.result.run, actor=system(), at=NOW)) == 0
    assert [model._default_manager.count() for model in MODELS] == [0] * len(MODELS)


def _database_says_the_same() -> None:
    rows = Opportunity.objects.values_list("state").annotate(Count("pk"), Sum("value")).order_by("state")
    assert list(rows) == [("lost", 2_473, 0), ("open", 2_089, 0), ("won", 4_238, 1_000_553_400)]
    assert Opportunity.objects.filter(customer=None).count() == 1_425
    assert Opportunity.objects.filter(owner=None).count() == 0
    assert Opportunity.objects.filter(state="open", next_step="").count() == 0
    assert Opportunity.objects.exclude(state="open").exclude(next_step="", next_on=None).count() == 0
    assert set(Opportunity.objects.filter(state="lost").values_list("lost_reason__name", flat=True)) == {"Not stated"}
    assert OpportunityLine.objects.filter(item__sku="GTX Pro").count() == 1_480
    assert OpportunityLine.objects.aggregate(net=Sum("net"))["net"] == 1_000_553_400
    assert StageMove.objects.count() == 8_800 + 6_711
    assert Customer.objects.exclude(parent=None).count() == 15
    assert Customer.objects.get(code="Bluth Company").parent.code == "Acme Corporation"
    assert Customer.objects.filter(group__name="technology").count() == 12
    assert sorted(Team.objects.values_list("leader__full_name", "office")) == [
        ("Cara Losch", "East"), ("Celia Rouche", "West"), ("Dustin Brinkmann", "Central"),
        ("Melvin Marxen", "Central"), ("Rocco Neubert", "East"), ("Summer Sewald", "West"),
    ]  # fmt: skip
    assert Team.objects.aggregate(n=Count("members"))["n"] == 35
    assert User.objects.filter(is_active=False, kind="staff").count() == User.objects.count() == 41
    assert Role.objects.get(code="sales").memberships.count() == 41
    first = Opportunity.objects.get(origin="1C1I7A6R")
    assert (str(first.opened_on), str(first.closed_on), first.value, first.currency, first.title) == (
        "2016-10-20", "2017-03-01", 105_400, "USD", "GTX Plus Basic – Cancity",
    )  # fmt: skip
    assert (first.stage.name, first.pipeline.name) == ("Engaging", "CRM Sales Opportunities")
    assert first.owner is not None and first.owner.full_name == "Moses Frase"


def test_a_rehearsal_gives_the_same_figures_and_keeps_nothing(tmp_path: Path) -> None:
    """Of several batches: what an earlier batch would have made counts as made."""
    for path in DATA.glob("*.csv"):
        with path.open("rb") as file:
            (tmp_path / path.name).write_bytes(b"".join(islice(file, 1_001)))
    facts = do(tmp_path, "crm-opportunities", rehearse=True).facts
    assert (facts["rows_read"], facts["imported"]) == (1_127, 1_127)
    assert facts["besides"] == FIGURES["besides"]
    assert [model._default_manager.count() for model in MODELS] == [0] * len(MODELS)
    assert do(tmp_path, "crm-opportunities").facts == facts
