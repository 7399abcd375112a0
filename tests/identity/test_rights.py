"""Who may do what: roles, teams, snapshots, letting go."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from rawabit.identity.actions import (
    create_staff,
    deactivate_user,
    delete_role,
    install_roles,
    reactivate_user,
    set_grants,
    set_preferences,
    set_roles,
    set_team_members,
)
from rawabit.identity.logic.presets import PRESETS, SALES, preset_grants
from rawabit.identity.logic.rights import covers, widest
from rawabit.identity.models import Role, Team, User
from rawabit.identity.queries import actor_of, nobody, rights_of, team_mates_of
from rawabit.kit.states import Refused
from tests.makers import NOW, PASSWORD, SYSTEM, actor, every_permission, make_user


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def test_the_actor_is_read_without_a_query(manager, amina, django_assert_num_queries):
    users = [User.objects.get(pk=person.user.pk) for person in (manager, amina)]

    with django_assert_num_queries(0):
        staff, customer = (actor_of(user, "desk") for user in users)

    assert staff.grants["crm.view_customer"] == "all"
    assert staff.customer_ids is None
    assert customer.customer_ids == {amina.customer.pk}
    assert customer.customer_roles == {amina.customer.pk: "owner"}
    assert dict(customer.grants) == {}


def test_nobody_may_nothing():
    assert nobody().is_anonymous
    assert not nobody().may("crm.view_customer")


def test_the_widest_scope_of_several_roles_counts(seller):
    set_roles(seller.user, [role("sales"), role("accountant")], actor=SYSTEM, at=NOW)

    assert seller.actor.grants["crm.view_customer"] == "all"
    assert seller.actor.grants["sales.confirm_order"] == "team"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_built_in_roles_hold_only_permissions_that_exist(preset):
    known = every_permission()
    grants = preset_grants(preset, known)
    assert grants and set(grants) <= set(known)
    for pattern, scope in preset.grants:
        from fnmatch import fnmatchcase

        assert scope in ("own", "team", "territory", "all", "")
        assert any(fnmatchcase(code, pattern) for code in known), f"{preset.code}: {pattern} fits nothing"


def test_what_the_presets_mean():
    known = every_permission()
    of = {preset.code: preset_grants(preset, known) for preset in PRESETS}

    assert set(of["administrator"]) == set(known)
    assert "identity.set_roles" not in of["manager"]
    assert "billing.post_invoice" in of["accountant"]
    assert "billing.post_invoice" not in of["sales"]
    assert "sales.discount_over_limit" not in of["sales"]
    assert "sales.exceed_credit" not in of["sales"]
    assert of["sales"]["crm.view_customer"] == "territory"
    assert "sales.confirm_order" not in of["support"]
    assert "crm.change_customer" not in of["accountant"]


def test_permissions_are_declared_once_with_words():
    from rawabit.billing.policies import PERMISSIONS as billing
    from rawabit.crm.policies import PERMISSIONS as crm

    codes = every_permission()
    assert len(codes) == len(set(codes))
    assert all(str(label).strip() for _code, label in [*billing, *crm])


def test_teams_see_their_members_and_leaders(db):
    one, two, chief, other = (make_user("sales") for _ in range(4))
    team = Team.objects.create(name="Riyadh", leader=chief)

    set_team_members(team, [one, two], actor=SYSTEM, at=NOW)

    assert actor(one).team_user_ids == {one.pk, two.pk, chief.pk}
    assert actor(chief).team_user_ids == {one.pk, two.pk, chief.pk}
    assert actor(other).team_user_ids == {other.pk}

    set_team_members(team, [one], actor=SYSTEM, at=NOW)

    assert actor(two).team_user_ids == {two.pk}
    assert actor(one).team_user_ids == {one.pk, chief.pk}


def test_customers_are_no_team_members(amina):
    team = Team.objects.create(name="Riyadh")
    with pytest.raises(Refused):
        set_team_members(team, [amina.user], actor=SYSTEM, at=NOW)


def test_snapshots_always_equal_the_truth(db):
    """After every action that changes roles or teams, each row says what would be worked out anew."""
    people = [make_user("sales"), make_user("support"), make_user("administrator"), make_user("")]
    team = Team.objects.create(name="A", leader=people[0])
    steps = [
        lambda: set_team_members(team, people[:3], actor=SYSTEM, at=NOW),
        lambda: set_roles(people[3], [role("manager")], actor=SYSTEM, at=NOW),
        lambda: set_grants(role("sales"), {"crm.view_customer": "own"}, actor=SYSTEM, at=NOW),
        lambda: set_roles(people[0], [], actor=SYSTEM, at=NOW),
        lambda: deactivate_user(people[1], actor=SYSTEM, at=NOW),
        lambda: set_team_members(team, people[1:], actor=SYSTEM, at=NOW),
        lambda: reactivate_user(people[1], actor=SYSTEM, at=NOW),
        lambda: install_roles(every_permission(), actor=SYSTEM, at=NOW),
    ]
    for step in steps:
        step()
        for user in User.objects.all():
            assert (user.rights, user.team_user_ids) == (rights_of(user), team_mates_of(user)), user


def test_a_changed_role_counts_at_once(seller):
    before = seller.actor.grants
    set_grants(role("sales"), {"crm.view_customer": "own"}, actor=SYSTEM, at=NOW)

    assert len(before) > 5
    assert seller.actor.grants == {"crm.view_customer": "own"}


def test_nobody_gives_what_he_does_not_hold(manager, seller, administrator):
    with pytest.raises(PermissionDenied):
        set_roles(seller.user, [role("administrator")], actor=manager.actor, at=NOW)
    extra = Role.objects.create(code="hr", name="HR")
    set_grants(extra, {"identity.set_roles": "all", "identity.view_role": "all"}, actor=SYSTEM, at=NOW)
    set_roles(manager.user, [role("manager"), extra], actor=SYSTEM, at=NOW)

    with pytest.raises(Refused):
        set_roles(seller.user, [role("administrator")], actor=manager.actor, at=NOW)
    set_roles(seller.user, [role("support"), role("sales")], actor=manager.actor, at=NOW)
    set_roles(seller.user, [role("administrator")], actor=administrator.actor, at=NOW)


def test_the_last_administrator_stays(administrator):
    with pytest.raises(Refused):
        set_roles(administrator.user, [role("manager")], actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        set_grants(role("administrator"), {"crm.view_customer": "all"}, actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        deactivate_user(administrator.user, actor=SYSTEM, at=NOW)

    make_user("administrator")
    assert not deactivate_user(administrator.user, actor=SYSTEM, at=NOW).is_active


def test_nobody_deactivates_himself(administrator):
    make_user("administrator")
    with pytest.raises(Refused):
        deactivate_user(administrator.user, actor=administrator.actor, at=NOW)


def test_letting_go_ends_rights_and_sessions_at_once(agent, administrator):
    client = Client()
    client.force_login(agent.user)
    key = client.session.session_key
    assert key

    deactivate_user(agent.user, actor=administrator.actor, at=NOW)
    user = User.objects.get(pk=agent.user.pk)

    assert actor_of(user) == nobody()
    assert user.rights == {}
    reactivate_user(user, actor=administrator.actor, at=NOW)
    # The old session must not come back to life with the person.
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = client.session
    assert get_user(request).is_anonymous
    assert actor(user).grants


def test_a_new_password_ends_other_sessions(agent):
    client = Client()
    client.force_login(agent.user)
    user = User.objects.get(pk=agent.user.pk)
    before = user.get_session_auth_hash()
    user.set_password(PASSWORD)
    assert user.get_session_auth_hash() != before


def test_an_e_mail_signs_in_one_person(db):
    make_user("sales", email="Salman@Example.com")
    with pytest.raises(Refused):
        create_staff("salman@example.COM ", "Other", roles=[], actor=SYSTEM, at=NOW)


def test_preferences_are_one_s_own(agent, seller):
    values = {"language": "fa", "calendar": "jalali", "digits": "arabext", "theme": "dark", "compact": True}
    assert set_preferences(agent.user, **values, actor=agent.actor, at=NOW).language == "fa"
    with pytest.raises(PermissionDenied):
        set_preferences(seller.user, **values, actor=agent.actor, at=NOW)


def test_built_in_and_used_roles_stay(db, administrator):
    with pytest.raises(Refused):
        delete_role(role("sales"), actor=SYSTEM, at=NOW)
    mine = Role.objects.create(code="mine", name="Mine")
    set_roles(administrator.user, [role("administrator"), mine], actor=SYSTEM, at=NOW)
    with pytest.raises(Refused):
        delete_role(mine, actor=SYSTEM, at=NOW)
    set_roles(administrator.user, [role("administrator")], actor=SYSTEM, at=NOW)
    delete_role(mine, actor=SYSTEM, at=NOW)
    assert not Role.objects.filter(code="mine").exists()


def test_scopes_are_ordered():
    assert widest([("a", "team"), ("a", "own"), ("b", "own")]) == {"a": "team", "b": "own"}
    assert covers({"a": "all"}, {"a": "team"})
    assert not covers({"a": "own"}, {"a": "team"})
    assert not covers({}, {"a": "own"})
    assert SALES.code == "sales"
