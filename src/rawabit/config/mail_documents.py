"""How incoming mail finds the document whose number stands in a subject: the mailroom itself may not look upwards."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rawabit.billing.models import Invoice
from rawabit.mailroom.queries.knowing import find_documents_with
from rawabit.sales.models import Order, Quotation
from rawabit.shipping.models import Delivery


def by_number(model: type[Any]) -> Any:
    """The document of one of the customers that has one of the numbers."""

    def find(numbers: Collection[str], customers: Collection[int]) -> Any:
        return model.objects.filter(number__in=numbers, customer__in=customers).order_by("-pk").first()

    return find


def install() -> None:
    """Called once, when the program starts."""
    for model in (Quotation, Order, Delivery, Invoice):
        find_documents_with(model.__name__, by_number(model))
