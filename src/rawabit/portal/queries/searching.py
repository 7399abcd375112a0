"""Folded search in the customer's own documents: by their numbers and by what stands on their lines."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rawabit.kit.text import search_terms


def with_words(rows: QuerySet[Any], lines: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Rows that hold every word, in their own search text or on one of ``lines``."""
    mine = lines.filter(document=OuterRef("pk"))
    for word in search_terms(words):
        on_a_line = mine.filter(Q(item__search_text__contains=word) | Q(title__icontains=word) | Q(sku__icontains=word))
        rows = rows.filter(Q(search_text__contains=word) | Exists(on_a_line))
    return rows
