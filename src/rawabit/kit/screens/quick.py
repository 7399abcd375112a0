"""Shorter ways through the commonest nodes of Django's templates; what comes out is the same to the letter.

A page of ours has a few hundred variables, conditions and translations, and Django decides anew at each of them how it
is to be looked up. Here that is decided once, when a template is loaded: the nodes stay where they are and take another
class. Whatever is not plain goes Django's own way. With DEBUG on nothing is changed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from types import MethodType
from typing import Any

from django.template import Context, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    Variable,
    VariableDoesNotExist,
    VariableNode,
)
from django.template.base import render_value_in_context as shown
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode, IncludeNode, construct_relative_path
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.urls import get_resolver, get_script_prefix, get_urlconf
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime

Find = Callable[[Context], Any]
MISSING = object()


class Loader(CachedLoader):
    """Django's cached loader; each template is prepared when it is loaded, before anybody renders it."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        known = self.get_template_cache.get(self.cache_key(template_name, skip))
        template: Template = super().get_template(template_name, skip)
        if template is not known and not self.engine.debug and not self.engine.string_if_invalid:
            prepare(template.nodelist)
        return template


def prepare(nodes: NodeList) -> None:
    """Give every node below, in place, the class that knows the shorter way. Twice is as good as once."""
    for node in nodes:
        for below in _below(node):
            prepare(below)
        if specialize := _SPECIAL.get(type(node)):
            specialize(node)


def _below(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        nodes = getattr(node, name, None)
        if isinstance(nodes, NodeList):
            yield nodes


# Variables


def finder(variable: Variable, missing: Any) -> Find:
    """``variable.resolve``, which answers ``missing`` where that raises VariableDoesNotExist."""

    def slowly(context: Context) -> Any:
        try:
            return variable.resolve(context)
        except VariableDoesNotExist:
            return missing

    if variable.lookups is None or variable.translate:
        return slowly
    first, *rest = variable.lookups
    if not rest:
        return _name_finder(first, missing, slowly)
    if len(rest) == 1:
        return _key_finder(first, rest[0], missing, slowly)
    return _path_finder(first, rest, missing, slowly)


def _name_finder(name: str, missing: Any, slowly: Find) -> Find:
    """``{{ name }}``."""

    def find(context: Context) -> Any:
        for frame in reversed(context.dicts):
            if name in frame:
                value = frame[name]
                return slowly(context) if callable(value) else value
        return missing

    return find


def _key_finder(name: str, bit: str, missing: Any, slowly: Find) -> Find:
    """``{{ name.bit }}``: a key of a dictionary or an attribute."""
    is_key = _only_a_key(bit)

    def find(context: Context) -> Any:
        for frame in reversed(context.dicts):
            if name in frame:
                value = frame[name]
                break
        else:
            return missing
        if type(value) is dict:
            if bit not in value:
                return missing if is_key else slowly(context)
            value = value[bit]
        elif callable(value) or hasattr(type(value), "__getitem__"):
            return slowly(context)
        else:
            try:
                value = getattr(value, bit)
            except (AttributeError, TypeError):
                return slowly(context)
        if type(value) is MethodType:
            return _called(value, slowly, context)
        return slowly(context) if callable(value) else value

    return find


def _called(method: MethodType, slowly: Find, context: Context) -> Any:
    if getattr(method, "alters_data", False) or getattr(method, "do_not_call_in_templates", False):
        return slowly(context)
    try:
        return method()
    except Exception:
        return slowly(context)


def _path_finder(name: str, bits: Sequence[str], missing: Any, slowly: Find) -> Find:
    """``{{ name.bit.bit }}``."""
    step = _key_finder(name, bits[0], MISSING, slowly)

    def find(context: Context) -> Any:
        value = step(context)
        for bit in bits[1:]:
            if type(value) is dict and bit in value:
                value = value[bit]
            elif value is MISSING or callable(value) or hasattr(type(value), "__getitem__"):
                return slowly(context)
            else:
                try:
                    value = getattr(value, bit)
                except (AttributeError, TypeError):
                    return slowly(context)
        return slowly(context) if callable(value) else value

    return find


def _only_a_key(bit: str) -> bool:
    """Whether a dictionary that lacks this key has nothing else to offer under the name."""
    return not hasattr(dict, bit) and not bit.isdigit()


def resolver(expression: FilterExpression, missing: Any) -> Find:
    """``expression.resolve``; a variable that is not there counts as ``missing``."""
    if not expression.is_var:
        return expression.resolve
    find, steps = finder(expression.var, missing), [_step(func, args) for func, args in expression.filters]
    if not steps:
        return find
    if len(steps) == 1:
        return _with_one(find, steps[0])

    def resolve(context: Context) -> Any:
        value = find(context)
        for step in steps:
            value = step(value, context)
        return value

    return resolve


Step = Callable[[Any, Context], Any]


def _with_one(find: Find, step: Step) -> Find:
    return lambda context: step(find(context), context)


def _step(func: Callable[..., Any], args: Any) -> Step:
    """One filter, with what Django asks of it each time decided now."""
    local, escaping = getattr(func, "expects_localtime", False), getattr(func, "needs_autoescape", False)
    keeps_safe = getattr(func, "is_safe", False)
    find = [arg.resolve if is_var else _always(mark_safe(arg)) for is_var, arg in args]

    def step(value: Any, context: Context) -> Any:
        taken = template_localtime(value, context.use_tz) if local else value
        if escaping:
            new = func(taken, *[arg(context) for arg in find], autoescape=context.autoescape)
        else:
            new = func(taken, *[arg(context) for arg in find]) if find else func(taken)
        if keeps_safe and type(new) is not SafeString and isinstance(taken, SafeData):
            return mark_safe(new)
        return new

    return step


def _always(value: Any) -> Find:
    return lambda context: value


class QuickVariable(VariableNode):
    quick: Find

    def render(self, context: Context) -> str:
        value = self.quick(context)
        kind = type(value)
        if kind is SafeString:
            return value  # type: ignore[no-any-return]
        if kind is str and context.autoescape:
            return escape(value)
        if isinstance(value, Promise) and context.autoescape:
            words = str(value)
            return words if type(words) is SafeString else escape(words)
        return shown(value, context)

    render_annotated = render


def _variable(node: Any) -> None:
    node.quick = resolver(node.filter_expression, "")
    node.__class__ = QuickVariable


# Conditions


class QuickIf(IfNode):
    quick: list[tuple[Find | None, Callable[[Context], str]]]

    def render(self, context: Context) -> str:
        for holds, then in self.quick:
            try:
                match = holds is None or holds(context)
            except VariableDoesNotExist:
                match = None
            if match:
                return then(context)
        return ""

    render_annotated = render


def _if(node: Any) -> None:
    node.quick = [
        (_condition(asked) if asked is not None else None, _rendering(nodes))
        for asked, nodes in node.conditions_nodelists
    ]
    node.__class__ = QuickIf


def _rendering(nodes: NodeList) -> Callable[[Context], str]:
    """``nodes.render``; a single node needs no list around it."""
    return nodes[0].render_annotated if len(nodes) == 1 else nodes.render  # type: ignore[no-any-return]


_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "in": lambda one, many: one in many, "not in": lambda one, many: one not in many,
    "is": operator.is_, "is not": operator.is_not,
}  # fmt: skip


def _condition(token: Any) -> Find:
    """A part of ``{% if %}`` as a function. As in Django an operator that fails answers False."""
    if isinstance(token, TemplateLiteral):
        return resolver(token.value, None)
    if token.id == "not":
        return _negation(_condition(token.first))
    one, other = _condition(token.first), _condition(token.second)
    if token.id in ("and", "or"):
        return _both(one, other) if token.id == "and" else _either(one, other)
    return _comparison(_COMPARE[token.id], one, other)


def _negation(one: Find) -> Find:
    def holds(context: Context) -> Any:
        try:
            return not one(context)
        except Exception:
            return False

    return holds


def _both(one: Find, other: Find) -> Find:
    def holds(context: Context) -> Any:
        try:
            return one(context) and other(context)
        except Exception:
            return False

    return holds


def _either(one: Find, other: Find) -> Find:
    def holds(context: Context) -> Any:
        try:
            return one(context) or other(context)
        except Exception:
            return False

    return holds


def _comparison(compare: Callable[[Any, Any], Any], one: Find, other: Find) -> Find:
    def holds(context: Context) -> Any:
        try:
            return compare(one(context), other(context))
        except Exception:
            return False

    return holds


# Loops


class QuickFor(ForNode):
    """A loop that nobody counts: nothing in it says ``forloop``."""

    quick: Find

    def render(self, context: Context) -> str:
        values = self.quick(context)
        if values is None or not (values if hasattr(values, "__len__") else (values := list(values))):
            return self.nodelist_empty.render(context)
        frame: dict[str, Any] = {}
        context.dicts.append(frame)
        try:
            return SafeString("".join(self._parts(values, frame, context)))
        finally:
            context.dicts.pop()

    render_annotated = render

    def _parts(self, values: Any, frame: dict[str, Any], context: Context) -> list[str]:
        nodes, parts, names = self.nodelist_loop, [], self.loopvars
        for item in values:
            if len(names) == 1:
                frame[names[0]] = item
            else:
                frame.update(_unpacked(names, item))
            parts += [node.render_annotated(context) for node in nodes]
        return parts


def _unpacked(names: Sequence[str], item: Any) -> Iterator[tuple[str, Any]]:
    length = len(item) if hasattr(item, "__len__") else 1
    if length != len(names):
        raise ValueError(f"Need {len(names)} values to unpack in for loop; got {length}. ")
    return zip(names, item, strict=True)


def _for(node: Any) -> None:
    if not node.is_reversed and _counts_nothing(node.nodelist_loop):
        node.quick = resolver(node.sequence, None)
        node.__class__ = QuickFor


def _counts_nothing(nodes: NodeList) -> bool:
    """Whether every node below is one that we know, and none asks how far the loop has come."""
    return all(
        isinstance(node, TextNode) or (_known(node) and all(_counts_nothing(below) for below in _below(node)))
        for node in nodes
    )


def _known(node: Node) -> bool:
    if isinstance(node, QuickIf):
        return not any("forloop" in words for asked, _nodes in node.conditions_nodelists for words in _asked(asked))
    if isinstance(node, QuickSimple) and node.takes_context:
        return False
    says = node.token.contents if node.token is not None else "forloop"
    return isinstance(node, QuickVariable | QuickTranslate | QuickSimple | QuickFor) and "forloop" not in says


def _asked(token: Any) -> Iterator[str]:
    """The variables of a condition, as they are written."""
    if isinstance(token, TemplateLiteral):
        yield token.text
    elif token is not None:
        yield from _asked(token.first)
        yield from _asked(token.second)


# Words


class QuickTranslate(TranslateNode):
    """A text without variables: the same in a language for as long as the process lives."""

    quick: dict[str | None, str]

    def render(self, context: Context) -> str:
        language = translation.get_language()
        words = self.quick.get(language)
        if words is None:
            words = self._words(context)
            if context.autoescape:
                self.quick[language] = words
        if self.asvar:
            context[self.asvar] = words
            return ""
        return words

    render_annotated = render

    def _words(self, context: Context) -> str:
        plain = TranslateNode(self.filter_expression, self.noop, None, self.message_context)
        return plain.render(context)


def _translate(node: Any) -> None:
    expression, about = node.filter_expression, node.message_context
    is_plain = not expression.filters and expression.is_var and expression.var.literal is not None
    if is_plain and (about is None or (not about.is_var and not about.filters)):
        node.quick = {}
        node.__class__ = QuickTranslate


class QuickBlockTranslate(BlockTranslateNode):
    quick: Any

    def render(self, context: Context, nested: bool = False) -> str:
        given, (singular, names), plural, count, about = self.quick
        values = {name: find(context) for name, find in given}
        if nested or (plural and not isinstance(number := count(context), int)):
            return super().render(context, nested)
        if plural:
            values[self.countervar] = number
            words = _counted(about, singular, plural[0], number)
        else:
            words = translation.pgettext(about, singular) if about else translation.gettext(singular)
        try:
            words %= {name: _shown_name(name, values, context) for name in names}
        except (KeyError, ValueError):
            return super().render(context)
        if self.asvar:
            context[self.asvar] = SafeString(words)
            return ""
        return words

    render_annotated = render


def _counted(about: str | None, singular: str, plural: str, number: int) -> str:
    if about:
        return translation.npgettext(about, singular, plural, number)
    return translation.ngettext(singular, plural, number)


def _shown_name(name: str, values: dict[str, Any], context: Context) -> str:
    value = values[name] if name in values else context.get(name, "")
    return str(value) if type(value) is SafeString else shown(value, context)


def _blocktranslate(node: Any) -> None:
    about = node.message_context
    if about is not None and (about.is_var or about.filters):
        return
    given = [(name, resolver(value, "")) for name, value in node.extra_context.items()]
    singular, names = node.render_token_list(node.singular)
    plural, count = None, None
    if node.plural and node.countervar and node.counter:
        plural = node.render_token_list(node.plural)
        names = [*names, *plural[1]]
        count = resolver(node.counter, "")
    node.quick = (given, (singular, names), plural, count, about.var if about else None)
    node.__class__ = QuickBlockTranslate


# Addresses


class QuickURL(URLNode):
    """An address without arguments."""

    quick: tuple[Any, str, str] | None

    def render(self, context: Context) -> str:
        state = get_resolver(get_urlconf()), get_script_prefix()
        if self.quick is None or self.quick[:2] != state:
            self.quick = (*state, self._address(context))
        if self.asvar:
            context[self.asvar] = self.quick[2]
            return ""
        return escape(self.quick[2]) if context.autoescape else self.quick[2]

    render_annotated = render

    def _address(self, context: Context) -> str:
        plain = URLNode(self.view_name, [], {}, "found" if self.asvar else None)
        with context.push():
            plain.render(context)
            return context["found"] if self.asvar else str(plain.render(context))  # type: ignore[no-any-return]


def _url(node: Any) -> None:
    if not node.args and not node.kwargs and not node.view_name.is_var:
        node.quick = None
        node.__class__ = QuickURL


# Inheritance


class QuickBlock(BlockNode):
    def render(self, context: Context) -> str:
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self.name) if blocks else None
        if block is None or not isinstance(block, QuickBlock) or _asks_for_super(block):
            return super().render(context)
        context.dicts.append({})
        try:
            return block.nodelist.render(context)
        finally:
            context.dicts.pop()

    render_annotated = render


def _asks_for_super(block: Any) -> bool:
    if "asks" not in block.__dict__:
        words = [node.filter_expression.token for node in block.nodelist.get_nodes_by_type(VariableNode)]
        block.asks = any(word.startswith("block") for word in words)
    return bool(block.asks)


def _block(node: Any) -> None:
    node.__class__ = QuickBlock


class QuickExtends(ExtendsNode):
    """Remembers its parent and, where that is the root, the parent's blocks."""

    quick: tuple[Template, dict[str, BlockNode]] | None

    def render(self, context: Context) -> str:
        parent, root_blocks = self.quick or self._looked_up(context)
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        if blocks is None:
            blocks = context.render_context[BLOCK_CONTEXT_KEY] = BlockContext()
        blocks.add_blocks(self.blocks)
        if root_blocks:
            blocks.add_blocks(root_blocks)
        with context.render_context.push_state(parent, isolated_context=False):
            return parent._render(context)  # type: ignore[no-any-return]

    render_annotated = render

    def _looked_up(self, context: Context) -> tuple[Template, dict[str, BlockNode]]:
        parent: Template = self.get_parent(context)
        first = next((node for node in parent.nodelist if not isinstance(node, TextNode)), None)
        is_root = not isinstance(first, ExtendsNode)
        blocks = {block.name: block for block in parent.nodelist.get_nodes_by_type(BlockNode)} if is_root else {}
        self.quick = parent, blocks
        return self.quick


def _extends(node: Any) -> None:
    if not node.parent_name.is_var and not node.parent_name.filters:
        node.quick = None
        node.__class__ = QuickExtends


class QuickInclude(IncludeNode):
    """Remembers its template."""

    quick: Template | None
    given: list[tuple[str, Find]]

    def render(self, context: Context) -> str:
        if self.quick is None:
            name = construct_relative_path(self.origin.template_name, self.template.var)
            self.quick = context.template.engine.get_template(name)
        values = {name: find(context) for name, find in self.given}
        if self.isolated_context:
            return self.quick.render(context.new(values))  # type: ignore[no-any-return]
        context.dicts.append(values)
        try:
            return self.quick.render(context)  # type: ignore[no-any-return]
        finally:
            context.dicts.pop()

    render_annotated = render


def _include(node: Any) -> None:
    name = node.template
    if not name.is_var and not name.filters and isinstance(name.var, str):
        node.quick = None
        node.given = [(word, resolver(value, "")) for word, value in node.extra_context.items()]
        node.__class__ = QuickInclude


class QuickSimple(SimpleNode):
    """A tag that is a function, such as ``{% icon "bell" %}``."""

    quick: tuple[list[Find], list[tuple[str, Find]]]

    def get_resolved_arguments(self, context: Context) -> tuple[list[Any], dict[str, Any]]:
        places, names = self.quick
        values = [find(context) for find in places]
        return [context, *values] if self.takes_context else values, {name: find(context) for name, find in names}


def _simple(node: Any) -> None:
    names = [(name, resolver(value, "")) for name, value in node.kwargs.items()]
    node.quick = [resolver(value, "") for value in node.args], names
    node.__class__ = QuickSimple


_SPECIAL: Mapping[type[Node], Callable[[Any], None]] = {
    VariableNode: _variable,
    IfNode: _if,
    TranslateNode: _translate,
    BlockTranslateNode: _blocktranslate,
    URLNode: _url,
    BlockNode: _block,
    ExtendsNode: _extends,
    IncludeNode: _include,
    SimpleNode: _simple,
    ForNode: _for,
}
