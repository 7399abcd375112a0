"""Folded search in the customer's own documents: by their numbers and by what stands on their lines."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rawabit.crm.models import Customer
from rawabit.kit.records.actor import Actor
from rawabit.kit.text import search_terms


def with_words(rows: QuerySet[Any], lines: QuerySet[Any], words: str, actor: Actor) -> QuerySet[Any]:
    """Rows that hold every word, in their own search text or on one of ``lines``.

    The customer's own name and number stand in the search text of each of his documents; a word that is a part of them
    would find everything, so it is looked for elsewhere."""
    mine = lines.filter(document=OuterRef("pk"))
    own = " ".join(Customer.objects.visible_to(actor).values_list("search_text", flat=True))
    for word in search_terms(words):
        on_a_line = mine.filter(Q(item__search_text__contains=word) | Q(title__icontains=word) | Q(sku__icontains=word))
        on_the_head = Q(number__icontains=word) | Q(customer_reference__icontains=word)
        if word not in own:
            on_the_head |= Q(search_text__contains=word)
        rows = rows.filter(on_the_head | Exists(on_a_line))
    return rows
