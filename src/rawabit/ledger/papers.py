"""The statement of account on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.money import Money
from rawabit.kit.paper.sheet import Cell, Column, Group, Pair, Row
from rawabit.kit.paper.writing import Writer, ltr, user
from rawabit.ledger.logic.statement import Ageing, Statement
from rawabit.ledger.models import Entry

KINDS = dict(Entry.KINDS)


def statement_columns(writer: Writer) -> list[Column]:
    head = writer.head
    return [
        Column(head(_("Date"))), Column(head(_("Document")), share=1), Column(head(_("Number"))),
        Column(head(_("Due date"))), Column(head(pgettext_lazy("statement", "Debit")), "number"),
        Column(head(pgettext_lazy("statement", "Credit")), "number"), Column(head(_("Balance")), "number"),
    ]  # fmt: skip


def statement_rows(writer: Writer, found: Statement) -> list[Row]:
    """Opening balance, movements with the balance after each, closing balance."""
    amount = writer.amount
    rows = [_sum_row(writer, found.start, _("Opening balance"), None, None, found.opening)]
    for row in found.rows:
        rows.append(
            Row([
                Cell(writer.short_day(row.date)), Cell(" / ".join(writer.label(KINDS.get(row.kind, row.kind)))),
                Cell(ltr(user_number(row.number))),
                Cell(writer.short_day(row.due_date) if row.due_date else "", dim=True),
                Cell(amount(row.debit) if row.debit else ""), Cell(amount(row.credit) if row.credit else ""),
                Cell(amount(row.balance), strong=True),
            ])
        )  # fmt: skip
    return [*rows, _sum_row(writer, found.end, _("Closing balance"), found.debit, found.credit, found.closing)]


def user_number(number: str) -> str:
    return " ".join(number.split())


def _sum_row(writer: Writer, day: date, words: Any, debit: Money | None, credit: Money | None, balance: Money) -> Row:
    sides = [Cell(writer.amount(side), strong=True) if side is not None else Cell() for side in (debit, credit)]
    label = Cell(" / ".join(writer.label(words)), strong=True)
    cells = [Cell(writer.short_day(day), strong=True), label, Cell(), Cell(), *sides]
    return Row([*cells, Cell(writer.amount(balance), strong=True)])


def ageing_box(writer: Writer, aged: Ageing) -> Sequence[Group]:
    """How old the open debts are; nothing when nothing is owed."""
    if not aged.owed:
        return []
    rows = [Pair(writer.money(amount), writer.label(label)) for _code, label, amount in aged.bars()]
    return [Group(writer.label(_("Age of what is open")), rows)]


def customer_lines(customer: Any) -> list[Pair]:
    return [Pair(user(str(customer)), strong=True), Pair(ltr(customer.code))]
