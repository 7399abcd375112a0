"""A bare Django page, the measure for all others: 20 rows of a table of 10,000, through one template.

No session, no sign-in, no translation, no middleware at all; the same server, the same number of threads.
"""

from __future__ import annotations

ROWS, SHOWN = 10_000, 20
