"""Words that all documents' lifecycles share. Pure."""

from __future__ import annotations

from rawabit.kit.marking import _

NOT_WHILE = _("“%(move)s” is not possible while the status is “%(state)s”.")
