"""What happens when somebody signs in: where every contact may come in, he is given his access."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from rawabit.identity.models import CUSTOMER
from rawabit.portal.actions.opening import open_doors


@receiver(user_logged_in, dispatch_uid="portal.open_doors")
def signed_in(sender: Any, user: Any, **rest: Any) -> None:
    if getattr(user, "kind", "") == CUSTOMER:
        open_doors(user, at=timezone.now())
