"""Which events are told to whom. Put together with the others' in ``config/spine.py``."""

from __future__ import annotations

from rawabit.kit.jobs.telling import Subscriptions
from rawabit.telling.actions import tell_access, tell_colleagues, tell_customers, tell_link_renewed, tell_signed
from rawabit.telling.logic.kinds import COLLEAGUE_WORDS, OF_EVENTS

SPECIAL: Subscriptions = {"portal.granted": (tell_access,), "link.renewal": (tell_link_renewed,)}
_NAMES = dict.fromkeys((*OF_EVENTS, *COLLEAGUE_WORDS, *SPECIAL))
SUBSCRIPTIONS: Subscriptions = {
    name: SPECIAL.get(name) or (
        *((tell_customers,) if name in OF_EVENTS else ()),
        *((tell_colleagues,) if name in COLLEAGUE_WORDS else ()),
        *((tell_signed,) if name == "quotation.accepted" else ()),
    )
    for name in _NAMES
}  # fmt: skip
