"""Opportunities on the desk: list, page, board, forecast, and what selling is sorted by."""

from rawabit.pipeline.desk.board import OpportunityScreens
from rawabit.pipeline.desk.settings import LostReasonScreens, PipelineScreens, SourceScreens, StageScreens

__all__ = ["LostReasonScreens", "OpportunityScreens", "PipelineScreens", "SourceScreens", "StageScreens"]
