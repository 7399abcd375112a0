"""Deleting a record that nothing names: groups, units, terms and the like."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from rawabit.kit.marking import _
from rawabit.kit.records.actions import emit, lock
from rawabit.kit.records.actor import Actor
from rawabit.kit.records.models import Record
from rawabit.kit.states import Refused


@transaction.atomic
def delete_record(record: Record, *, actor: Actor, at: datetime) -> None:
    """Remove a record for which the actor holds ``<app>.delete_<model>``; refused while others refer to it."""
    record = lock(record)
    kind = record._meta.model_name
    actor.require(f"{record._meta.app_label}.delete_{kind}")
    emit(f"{kind}.deleted", record, actor=actor, at=at, name=str(record))
    try:
        with transaction.atomic():
            record.delete()
    except ProtectedError:
        raise Refused(_("It is in use, so it cannot be deleted."))
