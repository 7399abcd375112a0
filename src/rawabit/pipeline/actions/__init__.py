"""Everything that can be done with opportunities."""

from rawabit.pipeline.actions.deciding import lose, reopen, win
from rawabit.pipeline.actions.moving import (
    delete_opportunity,
    finish_step,
    hand_over,
    move_stage,
    set_next_step,
    sign_of_life,
    take_back_move,
)
from rawabit.pipeline.actions.opening import (
    add_partner,
    add_person,
    open_opportunity,
    remove_partner,
    remove_person,
    save_opportunity,
    set_customer,
    set_lines,
    usual_pipeline,
)
from rawabit.pipeline.actions.setting_up import install_pipeline, save_pipeline, save_stage

__all__ = [
    "add_partner", "add_person", "delete_opportunity", "finish_step", "hand_over", "install_pipeline", "lose",
    "move_stage", "open_opportunity", "remove_partner", "remove_person", "reopen", "save_opportunity", "save_pipeline",
    "save_stage", "set_customer", "set_lines", "set_next_step", "sign_of_life", "take_back_move", "usual_pipeline",
    "win",
]  # fmt: skip
