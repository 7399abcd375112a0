"""What holds on every screen of the desk. A new entity is covered by existing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rawabit.config.screens import SCREENS
from rawabit.identity.actions import set_grants, set_roles
from rawabit.identity.models import Grant, Role
from rawabit.kit.records import actor as rules
from rawabit.kit.records.actor import EVERYTHING
from tests import makers
from tests.laws.world import MAKERS, OF_A_CUSTOMER, client_of, page_text, pages_of, snapshot

pytestmark = pytest.mark.django_db
every_screen = pytest.mark.parametrize("screens", SCREENS, ids=lambda s: s.slug)
owned_screen = pytest.mark.parametrize("screens", [s for s in SCREENS if s.slug in OF_A_CUSTOMER], ids=lambda s: s.slug)


def test_every_entity_has_a_maker():
    assert [s.slug for s in SCREENS if s.slug not in MAKERS] == []
    assert len({s.slug for s in SCREENS}) == len(SCREENS) >= 17


@pytest.fixture
def chief():
    return client_of(makers.make_user("administrator"))


def own_only():
    """A role that may do everything, with his own rows alone."""
    role = Role.objects.create(code="own", name="own")
    set_grants(role, dict.fromkeys(makers.every_permission(), "own"), actor=makers.SYSTEM, at=makers.NOW)
    user = makers.make_user("")
    set_roles(user, [role], actor=makers.SYSTEM, at=makers.NOW)
    user.refresh_from_db()
    return user


@every_screen
def test_the_pages_open(screens, chief):
    row = MAKERS[screens.slug]()
    own = screens()

    for page, args in [("list", []), ("detail", [row.pk])]:
        assert chief.get(own.url(page, *args)).status_code == 200, page
    if screens.form is not None:
        assert chief.get(own.url("create")).status_code in (200, 302)
        assert chief.get(own.url("update", row.pk)).status_code in (200, 409)


@every_screen
def test_without_permission_every_page_is_refused(screens):
    row = MAKERS[screens.slug]()
    client = client_of(makers.make_user(""))
    before = snapshot([row])

    pages = [("get", screens().url("list")), ("get", screens().url("create")), *pages_of(screens, row.pk)]
    wrong = [(m, url, s) for m, url in pages if (s := getattr(client, m)(url).status_code) != 403]
    if screens.slug == "users":  # a person always sees himself and no other: the rest does not exist
        wrong = [w for w in wrong if w[2] != 404]

    assert wrong == []
    assert snapshot([row]) == before


def strangers_pages(screens, client, row) -> list[tuple[str, str, int]]:
    return [(m, url, s) for m, url in pages_of(screens, row.pk) if (s := getattr(client, m)(url).status_code) != 404]


@owned_screen
def test_a_colleagues_row_does_not_exist_for_a_scope_of_own(screens):
    boss = makers.make_user("manager")
    theirs = OF_A_CUSTOMER[screens.slug](makers.make_customer("CNRYSTRANGE", owner=boss))
    user = own_only()
    client = client_of(user)
    before = snapshot([theirs])

    assert strangers_pages(screens, client, theirs) == []
    assert snapshot([theirs]) == before
    own = screens()
    for url in [own.url("list"), f"{own.url('list')}?q=CNRY", own.url("export", "csv"), "/desk/search/?q=CNRY"]:
        assert "CNRYSTRANGE" not in page_text(client.get(url)), url
    answer = client.post(own.url("bulk", "x"), {"row": [theirs.pk]})
    assert answer.status_code in (403, 404, 409)


@owned_screen
def test_ones_own_row_is_there(screens):
    user = own_only()
    mine = OF_A_CUSTOMER[screens.slug](makers.make_customer("CNRYMINE", owner=user))
    if screens.slug == "contacts":
        type(mine).objects.filter(pk=mine.pk).update(owner=user)
    client = client_of(user)

    assert client.get(screens().url("detail", mine.pk)).status_code == 200
    assert "CNRYMINE" in page_text(client.get(screens().url("list"))) or screens.slug == "contacts"


@owned_screen
def test_a_dropped_row_rule_is_noticed(screens, monkeypatch):
    """The law bites: with the rule opened, the stranger's pages open."""
    theirs = OF_A_CUSTOMER[screens.slug](makers.make_customer("CNRYSTRANGE", owner=makers.make_user("manager")))
    client = client_of(own_only())
    monkeypatch.setitem(rules._RULES, screens.model, lambda actor: EVERYTHING)

    assert strangers_pages(screens, client, theirs) != []


@every_screen
def test_a_dropped_permission_is_noticed(screens):
    user = makers.make_user("administrator")
    client = client_of(user)
    row = MAKERS[screens.slug]()
    assert client.get(screens().url("detail", row.pk)).status_code == 200

    role = Role.objects.get(code="administrator")
    kept = {
        g.permission: g.scope for g in Grant.objects.filter(role=role) if g.permission != screens().permission("view")
    }
    set_grants(role, kept, actor=makers.SYSTEM, at=makers.NOW)

    assert client.get(screens().url("detail", row.pk)).status_code in (403, 404)


@every_screen
def test_a_longer_list_costs_no_more_queries(screens, chief):
    def cost(count: int) -> int:
        for _ in range(count):
            MAKERS[screens.slug]()
        with CaptureQueriesContext(connection) as caught:
            assert chief.get(screens().url("list")).status_code == 200
        return len(caught)

    cost(1)  # what is read once per process
    few = cost(0)
    assert cost(6) == few
    assert few <= 25


@every_screen
def test_both_exports_answer(screens, chief):
    MAKERS[screens.slug]()
    for kind in ("csv", "xlsx"):
        response = chief.get(screens().url("export", kind))
        assert response.status_code in (200, 403)
        if response.status_code == 200:
            assert "attachment" in response.headers["Content-Disposition"]


@every_screen
def test_an_empty_form_is_told_what_is_missing(screens, chief):
    makers.make_company()
    if screens.form is None:
        pytest.skip("no form: rows are made elsewhere")
    response = chief.post(screens().url("create"), {})

    assert response.status_code in (200, 302, 422)
    if response.status_code == 422:
        assert 'role="alert"' in response.content.decode()


@every_screen
def test_foreign_words_in_the_address_change_nothing(screens, chief):
    MAKERS[screens.slug]()
    url = screens().url("list")
    for query in [
        "sort=password", "sort=-customer__owner__password", "cols=password,rights", "page=-1", "page=999999999999",
        "page=1%00", "q=%00", "q=%22%20OR%201=1", "state=%27", "owner=1;drop", "owner__password__startswith=p",
    ]:  # fmt: skip
        response = chief.get(f"{url}?{query}")
        assert response.status_code == 200, query
        assert "pbkdf2" not in response.content.decode()


HOSTILE = "<script>x</script>&lt;b&gt;\"'{{7*7}}{% load x %}%(x)s\u202egpj.exe"


def test_hostile_text_is_shown_and_never_run(chief):
    customer = makers.make_customer(HOSTILE, considerations=HOSTILE, trade_name=HOSTILE)
    for url in ["/desk/customers/", f"/desk/customers/{customer.pk}/", f"/desk/customers/{customer.pk}/edit/"]:
        body = chief.get(url).content.decode()
        assert "<script>x" not in body, url
        assert "49" not in body.replace(HOSTILE, "").split("{{7*7}}")[0][-40:], url
        assert "&lt;script&gt;x&lt;/script&gt;" in body, url


def test_an_export_is_never_a_formula(chief):
    makers.make_customer("=cmd|'/c calc'!A1")

    assert "'=cmd" in page_text(chief.get("/desk/customers/export.csv"))
