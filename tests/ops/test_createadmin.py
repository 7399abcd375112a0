"""createadmin: the first person of a new installation."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from rawabit.config.commands.createadmin import create, declared_permissions
from rawabit.config.commands.refusals import Stop

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"


def test_the_first_administrator_may_everything():
    create("Amal@Example.com", "أمل", GOOD)
    person = get_user_model().objects.get()
    assert (person.email, person.full_name, person.is_staff) == ("amal@example.com", "أمل", True)
    assert person.check_password(GOOD)
    assert set(person.rights) == set(declared_permissions())
    assert set(person.rights.values()) == {"all"}


def test_without_a_password_only_a_code_opens():
    create("amal@example.com", "Amal", None)
    assert not get_user_model().objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("amal", None, "valid email"),
        ("a@example.com", "short", "too short"),
        ("a@example.com", "1234567890", "numeric"),
    ],
)
def test_what_will_not_do_is_refused(email: str, password: str | None, said: str):
    with pytest.raises(Stop, match=said):
        create(email, "Amal", password)
    assert not get_user_model().objects.exists()


def test_nobody_is_made_twice():
    create("amal@example.com", "Amal", None)
    with pytest.raises(Stop, match="already"):
        create("amal@example.com", "Amal", None)
    assert get_user_model().objects.count() == 1
