"""Everything that can be done with leads."""

from rawabit.leads.actions.arriving import Inbound, SentOtherwise, arrive
from rawabit.leads.actions.assigning import Told, assign_by_rules, give, rehearse
from rawabit.leads.actions.converting import Become, convert_lead
from rawabit.leads.actions.creating import answer, create_lead, rescore, save_lead
from rawabit.leads.actions.moving import drop, plan, qualify, remind_quiet, revive, sign_of_life, take
from rawabit.leads.actions.setting_up import (
    ask_rescoring,
    digest_of,
    issue_key,
    note_use,
    place_field,
    place_question,
    place_rule,
    remind_after,
    remove_choice,
    remove_field,
    rescore_all,
    revoke_key,
    save_choice,
    save_field,
)

__all__ = [
    "Become", "Inbound", "SentOtherwise", "Told", "answer", "arrive", "ask_rescoring", "assign_by_rules",
    "convert_lead", "create_lead", "digest_of", "drop", "give", "issue_key", "note_use", "place_field",
    "place_question", "place_rule", "plan", "qualify", "rehearse", "remind_after", "remind_quiet", "remove_choice",
    "remove_field", "rescore", "rescore_all", "revive", "revoke_key", "save_choice", "save_field", "save_lead",
    "sign_of_life", "take",
]  # fmt: skip
