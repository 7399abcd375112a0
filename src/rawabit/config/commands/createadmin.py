"""createadmin: the first person of a new installation. He signs in by one-time code, or by the password given here."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec

from rawabit.config.commands.environment import begin_database, start_django
from rawabit.config.commands.refusals import Stop


def run(args: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\n") if args.password_stdin else None
    start_django()
    begin_database()
    create(args.email, args.name or args.email, password)
    from django.conf import settings
    from django.urls import reverse

    print(f"{args.email} is an administrator and signs in at {settings.BASE_URL}{reverse('account_login')}")
    return 0


def create(email: str, name: str, password: str | None) -> None:
    """Errors: Stop when the address or the password will not do, or somebody signs in with it already."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone, translation

    from rawabit.identity.actions import create_staff, install_roles
    from rawabit.identity.models import Role
    from rawabit.kit.records.actor import system
    from rawabit.kit.states import Refused
    from rawabit.pipeline.actions import install_pipeline

    actor, at = system("setup"), timezone.now()
    with translation.override("en"):
        try:
            validate_email(email)
            if password is not None:
                validate_password(password)
            if not Role.objects.filter(code="administrator").exists():
                install_roles(declared_permissions(), actor=actor, at=at)
            install_pipeline(actor=actor, at=at)
            roles = [Role.objects.get(code="administrator")]
            create_staff(email, name, roles=roles, actor=actor, at=at, password=password)
        except ValidationError as error:
            raise Stop(" ".join(error.messages)) from error
        except Refused as refused:
            raise Stop(str(refused)) from refused


def declared_permissions() -> list[str]:
    """Every permission code that a module's ``policies.PERMISSIONS`` declares."""
    from django.apps import apps

    modules = [f"{app.name}.policies" for app in apps.get_app_configs() if app.name.startswith("rawabit.")]
    lists = [getattr(import_module(name), "PERMISSIONS", []) for name in modules if find_spec(name)]
    return sorted(code for permissions in lists for code, _label in permissions)
