"""People, roles, teams, the own profile and the audit log on the desk."""

from rawabit.identity.desk.roles import RoleScreens
from rawabit.identity.desk.teams import TeamScreens
from rawabit.identity.desk.users import UserScreens

__all__ = ["RoleScreens", "TeamScreens", "UserScreens"]
