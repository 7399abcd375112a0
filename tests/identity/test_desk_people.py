"""Users, roles, teams, the own profile and the audit log on the desk."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from rawabit.config.permissions import GROUPS
from rawabit.identity.desk.matrix import digest, has_owner, matrix, model_and_verb
from rawabit.identity.logic.devices import device_name, is_phone
from rawabit.identity.models import Role, Team, User
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Event
from tests import makers
from tests.laws.world import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(company):
    return client_of(makers.make_user("administrator", "خالد"))


@pytest.fixture
def boss(manager):
    return client_of(manager.user)


def role(code: str) -> Role:
    return Role.objects.get(code=code)


# Users

NEW = {"full_name": "سلمى الدوسري", "email": "Salma@Example.com", "phone": "٠٥٠١٢٣٤٥٦٧", "language": "fa"}


def test_a_colleague_is_made_with_roles_and_invited_in_his_language(chief):
    answer = chief.post("/desk/users/new/", {**NEW, "roles": [role("sales").pk], "invite": "on"})
    person = User.objects.get(email="salma@example.com")

    assert answer.url == f"/desk/users/{person.pk}/"
    assert (person.kind, person.phone, person.language) == ("staff", "+966501234567", "fa")
    assert person.rights["crm.view_customer"] == "territory"
    assert [message.to for message in mail.outbox] == [["salma@example.com"]]
    assert "خالد" in mail.outbox[0].body and "/account/sign-in/" in mail.outbox[0].body
    assert 'lang="fa"' in mail.outbox[0].alternatives[0][0]
    assert not person.has_usable_password()


def test_without_the_tick_nobody_is_written_to(chief):
    chief.post("/desk/users/new/", {**NEW, "roles": []})
    assert User.objects.get(email="salma@example.com").rights == {}
    assert mail.outbox == []


def test_an_address_is_used_once(chief, seller):
    answer = chief.post("/desk/users/new/", {**NEW, "email": seller.user.email.upper()})
    assert answer.status_code == 422
    assert "email" in answer.context["form"].errors


def test_a_manager_reads_users_and_makes_none(boss, seller):
    assert boss.get("/desk/users/").status_code == 200
    before = User.objects.count()
    assert boss.get("/desk/users/new/").status_code == 403
    assert boss.post("/desk/users/new/", NEW).status_code == 403
    assert boss.post(f"/desk/users/{seller.user.pk}/do/roles/", {"roles": []}).status_code == 403
    assert boss.post(f"/desk/users/{seller.user.pk}/do/deactivate/").status_code == 403
    assert User.objects.count() == before and User.objects.get(pk=seller.user.pk).rights


def test_roles_are_shown_and_replaced(chief, seller):
    page = chief.get(f"/desk/users/{seller.user.pk}/do/roles/")
    assert page.context["form"].fields["roles"].initial == [role("sales").pk]
    chief.post(f"/desk/users/{seller.user.pk}/do/roles/", {"roles": [role("support").pk]})
    assert User.objects.get(pk=seller.user.pk).rights["crm.view_customer"] == "all"


def test_who_is_deactivated_is_out_at_once(chief, seller):
    at_work = client_of(seller.user)
    assert at_work.get("/desk/").status_code == 200
    chief.post(f"/desk/users/{seller.user.pk}/do/deactivate/", {"sure": "1"})
    assert at_work.get("/desk/").status_code == 302
    chief.post(f"/desk/users/{seller.user.pk}/do/reactivate/")
    assert User.objects.get(pk=seller.user.pk).is_active


def test_the_last_administrator_stays(chief, company):
    me = User.objects.get(full_name="خالد")
    answer = chief.post(f"/desk/users/{me.pk}/do/roles/", {"roles": [role("sales").pk]})
    assert answer.status_code == 409
    assert User.objects.get(pk=me.pk).rights["identity.set_roles"] == "all"


# Roles


def test_every_declared_permission_stands_in_the_table_once():
    cells = []
    for section in matrix(GROUPS, {}):
        cells += [cell.code for row in section.rows for cell in row.cells if cell] + [c.code for c in section.others]
    assert sorted(cells) == sorted(makers.every_permission())


@pytest.mark.parametrize(
    ("code", "scoped"),
    [("crm.view_customer", True), ("sales.add_order", True), ("catalog.view_item", False), ("crm.set_credit", True),
     ("company.change_company", False), ("identity.view_user", True), ("identity.add_user", False)],
)  # fmt: skip
def test_a_scope_is_asked_where_records_belong_to_somebody(code, scoped):
    assert has_owner(code, model_and_verb(code)[0]) is scoped


def form_of(held: dict[str, str]) -> dict[str, str]:
    return {f"grant:{code}": scope for code, scope in held.items()}


def held_by(one: Role) -> dict[str, str]:
    return dict(one.grants.values_list("permission", "scope"))


def test_a_role_is_made_and_granted(chief):
    chief.post("/desk/roles/new/", {"name": "المستودع", "code": "store"})
    store = role("store")
    wanted = {"catalog.view_item": "all", "shipping.view_delivery": "team"}
    asked = form_of(wanted) | {"grant:catalog.add_item": "team", "grant:made.up": "all", "grant:crm.view_customer": ""}

    assert chief.post(f"/desk/roles/{store.pk}/grants/", {"seen": digest({}), **asked}).status_code == 302
    assert held_by(store) == wanted
    page = chief.get(f"/desk/roles/{store.pk}/").content.decode()
    assert '<option value="team" selected>' in page


def test_what_somebody_granted_meanwhile_is_not_lost(chief):
    support = role("support")
    seen = digest(held_by(support))
    support.grants.filter(permission="crm.view_customer").update(scope="own")
    before = held_by(support)
    assert chief.post(f"/desk/roles/{support.pk}/grants/", {"seen": seen}).status_code == 409
    assert held_by(support) == before


def test_a_manager_reads_roles_and_changes_none(boss):
    sales = role("sales")
    before = held_by(sales)
    page = boss.get(f"/desk/roles/{sales.pk}/").content.decode()
    assert 'name="grant:' not in page
    assert boss.post(f"/desk/roles/{sales.pk}/grants/", {"seen": digest(before)}).status_code == 403
    assert held_by(sales) == before


def test_a_role_in_use_is_not_deleted(chief, seller):
    chief.post("/desk/roles/new/", {"name": "أ", "code": "mine"})
    mine = role("mine")
    chief.post(f"/desk/users/{seller.user.pk}/do/roles/", {"roles": [mine.pk]})
    assert chief.post(f"/desk/roles/{mine.pk}/do/delete/").status_code == 409
    chief.post(f"/desk/users/{seller.user.pk}/do/roles/", {"roles": []})
    assert chief.post(f"/desk/roles/{mine.pk}/do/delete/").url == "/desk/roles/"
    assert not Role.objects.filter(code="mine").exists()


# Teams


def test_who_joins_a_team_sees_its_records(chief, seller, clerk):
    chief.post("/desk/teams/new/", {"name": "الشرق", "leader": seller.user.pk, "members": [clerk.user.pk]})
    team = Team.objects.get()
    assert set(User.objects.get(pk=clerk.user.pk).team_user_ids) == {seller.user.pk, clerk.user.pk}
    version = {"name": "الشرق", "version": team.version}
    chief.post(f"/desk/teams/{team.pk}/edit/", {**version, "leader": seller.user.pk, "members": []})
    assert User.objects.get(pk=clerk.user.pk).team_user_ids == [clerk.user.pk]


def test_customers_people_are_not_offered_as_members(chief, amina):
    page = chief.get("/desk/teams/new/").content.decode()
    assert "أمينة" not in page


# Profile

PROFILE = "/account/profile/"


def profile_of(person: User, **changes: str) -> dict[str, str]:
    kept = {"full_name": person.full_name, "phone": "", "theme": "dark", "version": str(person.version)}
    return {**kept, "language": "en", "calendar": "hijri", "digits": "arab", **changes}


def test_everybody_sets_his_own_ways_of_reading(seller):
    client = client_of(seller.user)
    assert client.post(PROFILE, profile_of(seller.user, compact="on")).url == PROFILE
    person = User.objects.get(pk=seller.user.pk)
    assert (person.language, person.calendar, person.digits, person.theme) == ("en", "hijri", "arab", "dark")
    assert person.compact and person.rights == seller.user.rights
    page = client.get(PROFILE).content.decode()
    assert '<html lang="en" dir="ltr"' in page and 'data-theme="dark"' in page


def test_customers_people_have_the_same_page_in_the_portal(amina):
    client = client_of(amina.user)
    page = client.get(PROFILE)
    assert page.status_code == 200 and "/desk/" not in page.content.decode()
    client.post(PROFILE, profile_of(amina.user, full_name="أمينة العلي"))
    assert User.objects.get(pk=amina.user.pk).full_name == "أمينة العلي"


def test_two_windows_of_the_profile(seller):
    client = client_of(seller.user)
    first = profile_of(seller.user, full_name="الأول")
    client.post(PROFILE, first)
    answer = client.post(PROFILE, {**first, "full_name": "الثاني"})
    assert answer.status_code == 422
    assert User.objects.get(pk=seller.user.pk).full_name == "الأول"


def test_a_refused_profile_leaves_the_page_frame_as_it_was(seller):
    page = client_of(seller.user).post(PROFILE, profile_of(seller.user, full_name=""))
    assert page.status_code == 422
    assert page.wsgi_request.user.full_name == seller.user.full_name


def signed_in(email: str, agent: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    assert client.post("/account/sign-in/", {"login": email, "password": makers.PASSWORD}).status_code == 302
    return client


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


def test_devices_are_named_and_signed_out(company):
    person = makers.make_user("sales", password=makers.PASSWORD)
    desk, phone, old = (signed_in(person.email, agent) for agent in (WINDOWS, IPHONE, "curl/8"))
    devices = desk.get(PROFILE).context["devices"]
    assert sorted((one.name, one.phone, one.here) for one in devices) == [
        ("Chrome · Windows", False, True), ("Safari · iPhone", True, False), ("curl/8", False, False),
    ]  # fmt: skip

    key = next(one.pk for one in devices if one.phone)
    desk.post(f"{PROFILE}devices/{key}/end/")
    assert (phone.get("/desk/").status_code, old.get("/desk/").status_code) == (302, 200)
    desk.post(f"{PROFILE}devices/end/")
    assert (old.get("/desk/").status_code, desk.get("/desk/").status_code) == (302, 200)


def test_nobody_signs_out_the_devices_of_another(company, seller):
    person = makers.make_user("sales", password=makers.PASSWORD)
    theirs = signed_in(person.email, WINDOWS)
    key = theirs.get(PROFILE).context["devices"][0].pk
    client_of(seller.user).post(f"{PROFILE}devices/{key}/end/")
    assert theirs.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name", "phone"),
    [(WINDOWS, "Chrome · Windows", False), (IPHONE, "Safari · iPhone", True), ("", "", False),
     ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537.36 EdgA/130", "Edge · Android", True),
     ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux", False)],
)  # fmt: skip
def test_names_of_browsers(agent, name, phone):
    assert (device_name(agent), is_phone(agent)) == (name, phone)


# Audit log


def test_the_log_is_for_those_who_may(chief, boss):
    assert chief.get("/desk/settings/audit/").status_code == 200
    assert boss.get("/desk/settings/audit/").status_code == 403


def names(page) -> list[str]:
    return [event.name for event in page.context["events"]]


def test_the_log_is_narrowed_by_person_kind_event_and_day(chief, seller):
    Event.objects.all().delete()
    chief.post("/desk/item-groups/new/", {"name": "مضخات"})
    chief.post("/desk/units/new/", {"name": "حبة", "code": "XPP"})
    me = User.objects.get(full_name="خالد")

    url = "/desk/settings/audit/"
    assert names(chief.get(url)) == ["unit.created", "itemgroup.created"]
    assert names(chief.get(url, {"name": "unit.created"})) == ["unit.created"]
    assert names(chief.get(url, {"user": me.pk, "since": "01/01/2020"})) == ["unit.created", "itemgroup.created"]
    assert names(chief.get(url, {"user": seller.user.pk})) == []
    assert names(chief.get(url, {"until": "01/01/2020"})) == []
    page = chief.get(url).content.decode()
    assert "مضخات" in page and "خالد" in page


def test_a_long_log_is_read_in_parts(chief):
    unit = makers.Unit.objects.first()
    actor, before = Actor(None, "Rawabit", "job"), Event.objects.count()
    from rawabit.kit.records.actions import emit

    for _n in range(150):
        emit("unit.changed", unit, actor=actor, at=makers.NOW)
    first = chief.get("/desk/settings/audit/")
    rest = chief.get("/desk/settings/audit/", {"before": first.context["more"]})
    assert len(first.context["events"]) == 100
    assert len(rest.context["events"]) == min(100, before + 50)
