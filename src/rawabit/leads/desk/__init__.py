"""Leads, and how they are asked for, judged and given out, on the desk."""

from rawabit.leads.desk.leads import LeadScreens
from rawabit.leads.desk.rules import AssignmentRuleScreens, CriterionScreens, QuestionScreens
from rawabit.leads.desk.webforms import LeadKeyScreens, WebFormScreens

__all__ = [
    "AssignmentRuleScreens", "CriterionScreens", "LeadKeyScreens", "LeadScreens", "QuestionScreens", "WebFormScreens",
]  # fmt: skip
