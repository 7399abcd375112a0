"""Who is told, what may be said, and what was said."""

from rawabit.telling.queries.facts import customer_of, facts_of, still_wanted
from rawabit.telling.queries.log import with_customers
from rawabit.telling.queries.people import (
    Person,
    channels_of,
    colleagues_for,
    devices_of,
    holder_of,
    matrix_of,
    people_for,
    person_of,
    reader_of,
    wanting_statements,
)
from rawabit.telling.queries.words import changed_kinds, own_template, words_of

__all__ = [
    "Person", "changed_kinds", "channels_of", "colleagues_for", "customer_of", "devices_of", "facts_of", "holder_of",
    "matrix_of", "own_template", "people_for", "person_of", "reader_of", "still_wanted", "wanting_statements",
    "with_customers", "words_of",
]  # fmt: skip
