"""What is done with people, roles and teams."""

from rawabit.identity.actions.people import (
    create_customer_user,
    create_staff,
    deactivate_user,
    reactivate_user,
    save_user,
    set_preferences,
)
from rawabit.identity.actions.rights import end_sessions, refresh_rights
from rawabit.identity.actions.roles import delete_role, install_roles, save_role, set_grants, set_roles
from rawabit.identity.actions.teams import save_team, set_team_members

__all__ = [
    "create_customer_user", "create_staff", "deactivate_user", "delete_role", "end_sessions", "install_roles",
    "reactivate_user", "refresh_rights", "save_role", "save_team", "save_user", "set_grants", "set_preferences",
    "set_roles", "set_team_members",
]  # fmt: skip
