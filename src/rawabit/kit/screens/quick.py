"""Shorter ways through two nodes of Django's templates; what comes out is the same to the letter.

A page of ours has a few hundred variables and translations. A translation without variables is made once per language;
a variable that is plain text or safe text is written without asking first whether it might be a number or a moment.
Names are looked up, and filters applied, by Django alone. ``settings.SHORTCUTS`` switches it off; with DEBUG on nothing
is changed. Why, and what was tried besides: docs/decisions/0002.

Relied on of Django's private parts: ``VariableNode``, ``TranslateNode`` and ``render_value_in_context``, and that the
cached loader asks the next loader class for what it does not know. ``tests/kit/test_quick.py`` compares with Django's
own output and holds a digest of each, so that it fails when an upgrade of Django changes one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.template.base import Node, NodeList, VariableNode
from django.template.base import render_value_in_context as shown
from django.template.defaulttags import IfNode
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import TranslateNode
from django.utils import translation
from django.utils.safestring import SafeString


class _PreparingLoader(BaseLoader):
    """Stands below Django's cache: a template is prepared before anybody else sees it."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        if settings.SHORTCUTS and not self.engine.debug:
            prepare(template.nodelist)
        return template


class Loader(CachedLoader, _PreparingLoader):
    """Django's cached loader, with prepared templates."""


def prepare(nodes: NodeList) -> None:
    """Give every node below, in place, the class that knows the shorter way. Twice is as good as once."""
    for node in nodes:
        for below in _below(node):
            prepare(below)
        if type(node) is VariableNode:
            node.__class__ = QuickVariable
        elif type(node) is TranslateNode and _is_the_same_for_everybody(node):
            vars(node)["known"] = {}
            node.__class__ = QuickTranslate


def _below(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


class QuickVariable(VariableNode):
    def render(self, context: Context) -> str:
        try:
            value = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return ""
        if context.autoescape:
            kind = type(value)
            if kind is SafeString:
                return value  # type: ignore[no-any-return]
            if kind is str:
                return escape(value)
        return shown(value, context)

    render_annotated = render  # what Django does around it is for DEBUG


class QuickTranslate(TranslateNode):
    """A text without variables: the same in a language for as long as the process lives."""

    known: dict[tuple[str | None, bool], str]

    def render(self, context: Context) -> str:
        key = translation.get_language(), context.autoescape
        words = self.known.get(key)
        if words is None:
            plain = TranslateNode(self.filter_expression, self.noop, None, self.message_context)
            words = self.known[key] = plain.render(context)
        if self.asvar:
            context[self.asvar] = words
            return ""
        return words

    render_annotated = render


def _is_the_same_for_everybody(node: TranslateNode) -> bool:
    text, about = node.filter_expression, node.message_context
    is_plain = not text.filters and text.is_var and text.var.literal is not None
    return is_plain and (about is None or (not about.is_var and not about.filters))
