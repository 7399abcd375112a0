"""Shorter ways through the commonest parts of Django's templates; what comes out is the same to the letter.

A page of ours has a few hundred variables, conditions and translations, and Django decides anew at each of them how it
is to be looked up. Here that is decided once, when a template is loaded. Whatever is not plain goes Django's own way.
``settings.SHORTCUTS`` switches it off; with DEBUG on nothing is changed. See docs/decisions/0002.

Relied on of Django's private parts: how ``Variable`` and ``FilterExpression`` resolve, ``render_value_in_context``,
and the ``render`` of the nodes that are subclassed here. ``tests/kit/test_quick.py`` compares with Django's own output
and holds a digest of each of those functions, so that it fails when an upgrade of Django changes one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any, cast

from django.conf import settings
from django.template import Context, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    VariableDoesNotExist,
    VariableNode,
)
from django.template.base import render_value_in_context as shown
from django.template.defaulttags import IfNode, TemplateLiteral
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime

MISSING = object()


class _PreparingLoader(BaseLoader):
    """Stands below Django's cache: a template is prepared before anybody else sees it."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        if not self.engine.debug and not self.engine.string_if_invalid:
            prepare(template.nodelist)
        return template


class Loader(CachedLoader, _PreparingLoader):
    """Django's cached loader, with prepared templates."""


def prepare(nodes: NodeList) -> None:
    """Give every node below, in place, the shorter way. Twice is as good as once."""
    for node in nodes:
        for below in _below(node):
            prepare(below)
        if isinstance(node, TranslateNode):  # Django's own changes its expression while it renders
            _prepare_translate(node)
            continue
        _prepare_expressions(node)
        if quicker := _QUICKER.get(type(node)):
            node.__class__ = quicker


def _below(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


# Expressions


class QuickExpression(FilterExpression):
    """An expression of which is known beforehand what its filters ask for, and whether its variable is plain."""

    __slots__ = ("first", "rest", "steps")
    first: str | None
    rest: tuple[str, ...]
    steps: list[Step]

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        value = self._looked_up(context) if self.first is not None else self._slowly(context)
        if value is MISSING:
            value = None if ignore_failures else ""
        for step in self.steps:
            value = step(value, context)
        return value

    def _looked_up(self, context: Context) -> Any:
        """What the names lead to through plain dictionaries and attributes; else as Django finds it."""
        first = self.first
        for frame in reversed(context.dicts):
            if first in frame:
                value = frame[first]
                break
        else:
            return self._slowly(context) if hasattr(context, cast(str, first)) else MISSING
        for bit in self.rest:
            try:
                if type(value) is dict:
                    value = value[bit]
                elif callable(value) or hasattr(type(value), "__getitem__"):
                    return self._slowly(context)
                else:
                    value = getattr(value, bit)
            except Exception:
                return self._slowly(context)
        return self._slowly(context) if callable(value) else value

    def _slowly(self, context: Context) -> Any:
        if not self.is_var:
            return self.var
        try:
            return self.var.resolve(context)
        except VariableDoesNotExist:
            return MISSING


def quick_expression(plain: FilterExpression) -> FilterExpression:
    """``plain`` with the shorter way; itself when the shorter ways are switched off."""
    if not settings.SHORTCUTS or type(plain) is not FilterExpression:
        return plain
    quick = QuickExpression.__new__(QuickExpression)
    quick.token, quick.filters, quick.var, quick.is_var = plain.token, plain.filters, plain.var, plain.is_var
    names = plain.var.lookups if plain.is_var and not plain.var.translate else None
    quick.first, quick.rest = (names[0], names[1:]) if names else (None, ())
    quick.steps = [_step(func, args) for func, args in plain.filters]
    return quick


Step = Callable[[Any, Context], Any]


def _step(func: Callable[..., Any], args: Any) -> Step:
    """One filter, with what Django asks of it each time decided now."""
    local, escaping = getattr(func, "expects_localtime", False), getattr(func, "needs_autoescape", False)
    keeps_safe = getattr(func, "is_safe", False)
    find = [arg.resolve if is_var else _constant(arg) for is_var, arg in args]

    def step(value: Any, context: Context) -> Any:
        given = [arg(context) for arg in find]
        taken = template_localtime(value, context.use_tz) if local else value
        new = func(taken, *given, autoescape=context.autoescape) if escaping else func(taken, *given)
        return mark_safe(new) if keeps_safe and isinstance(taken, SafeData) else new

    return step


def _constant(arg: Any) -> Callable[[Context], Any]:
    """A text in quotes. One to be translated is made a text only when the language is known."""
    if isinstance(arg, Promise):
        return lambda context: mark_safe(arg)
    safe = mark_safe(arg)
    return lambda context: safe


def _prepare_expressions(node: Any) -> None:
    """Exchange the expressions that a node holds, alone, in a list or in a dictionary, and those of its conditions."""
    for name, held in vars(node).items():
        if isinstance(held, FilterExpression):
            setattr(node, name, quick_expression(held))
        elif type(held) is list:
            held[:] = [_quick(each) for each in held]
        elif type(held) is dict:
            held.update({key: _quick(each) for key, each in held.items()})
    if isinstance(node, IfNode):
        for condition, _nodes in node.conditions_nodelists:
            _prepare_condition(condition)


def _quick(held: Any) -> Any:
    return quick_expression(held) if isinstance(held, FilterExpression) else held


def _prepare_condition(token: Any) -> None:
    if token is None:
        return
    if isinstance(token, TemplateLiteral):
        token.value = _quick(token.value)
    _prepare_condition(token.first)
    _prepare_condition(token.second)


# Nodes


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

    render_annotated = render


class QuickIf(IfNode):
    """Django's, without the detour that only DEBUG needs."""

    render_annotated = IfNode.render


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


def _prepare_translate(node: Any) -> None:
    expression, about = node.filter_expression, node.message_context
    is_plain = not expression.filters and expression.is_var and expression.var.literal is not None
    if type(node) is TranslateNode and is_plain and (about is None or (not about.is_var and not about.filters)):
        node.known = {}
        node.__class__ = QuickTranslate


class QuickBlockTranslate(BlockTranslateNode):
    """Django's, with the texts put together once."""

    def render_token_list(self, tokens: Any) -> tuple[str, list[str]]:
        known = self.__dict__.setdefault("known", {})
        found = known.get(id(tokens))
        if found is None:
            found = known[id(tokens)] = super().render_token_list(tokens)
        text, names = found
        return text, list(names)  # the caller adds to it

    render_annotated = BlockTranslateNode.render


_QUICKER: dict[type[Node], type[Node]] = {
    VariableNode: QuickVariable,
    IfNode: QuickIf,
    BlockTranslateNode: QuickBlockTranslate,
}


def resolver(expression: FilterExpression, missing: Any) -> Callable[[Context], Any]:
    """``expression`` as a function of the context; ``missing``, None or "", is what an absent variable counts as."""
    quick = quick_expression(expression)
    return lambda context: quick.resolve(context, ignore_failures=missing is None)
