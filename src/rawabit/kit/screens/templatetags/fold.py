"""Tags of the lists that fold into cards on a phone; see ``kit.screens.fold``."""

from __future__ import annotations

from django import template

from rawabit.kit.screens.fold import body, head, lines

register = template.Library()
register.simple_tag(head, name="fold_head")
register.simple_tag(body, name="fold_rows")
register.simple_tag(lines, name="fold_lines")
