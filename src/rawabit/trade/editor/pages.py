"""The pages of the editor: one form for head and lines, and the small answers its script asks for."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from rawabit.company.queries import local_day
from rawabit.crm.models import Customer
from rawabit.kit.access import access
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.money import Money
from rawabit.kit.numbers import whole
from rawabit.kit.records.actions import Conflict
from rawabit.kit.request import Request
from rawabit.kit.screens.screens import Screens
from rawabit.kit.states import Refused
from rawabit.kit.text import fsi
from rawabit.ledger.logic.credit import CreditStatus
from rawabit.ledger.queries import credit_status
from rawabit.trade.editor.choices import found_items, new_row, tax_options
from rawabit.trade.editor.grid import (
    Checked,
    Row,
    arrange,
    check,
    error_list,
    read_grid,
    row_of,
    row_of_input,
    same_lines,
)
from rawabit.trade.editor.header import FOOT, GRID, HeadForm, narrow
from rawabit.trade.editor.shown import credit_note, options_html, totals_of
from rawabit.trade.logic.lines import SECTION, LineProblems
from rawabit.trade.models import Document
from rawabit.trade.queries import rows_from_paste

EMPTY_ROWS = 1
PASTED_AT_MOST = 200_000  # characters


class EditorPages(Screens):
    """Screens of a document whose form is the editor. Subclasses give ``form``, ``save_head`` and ``save_rows``."""

    form: ClassVar[type[HeadForm]]
    optional_lines: ClassVar[bool] = False
    save_head: ClassVar[Any]
    save_rows: ClassVar[Any]
    editable_while = ("draft",)

    def more_urls(self) -> list[URLPattern]:
        slug, get, post = self.slug, require_GET, require_POST
        return [
            *super().more_urls(),
            path(f"{slug}/editor/customer/", get(self.customer_facts), name=f"{slug}-customer"),
            path(f"{slug}/editor/items/", get(self.items), name=f"{slug}-items"),
            path(f"{slug}/editor/totals/", post(self.totals), name=f"{slug}-totals"),
            path(f"{slug}/editor/paste/", post(self.paste), name=f"{slug}-paste"),
        ]

    # The page

    def edit(self, request: Request, record: Any) -> HttpResponse:
        wish = request.POST.get("op", "save") if request.method == "POST" else "show"
        form: Any = self.build_form(request, record)
        rows = read_grid(request.POST) if request.method == "POST" else self.first_rows(record)
        if wish == "autosave":
            return self.autosave(request, form, rows, record)
        if wish == "save":
            return self.save_page(request, form, rows, record)
        rows = self.pasted_below(rows, request) if wish == "paste" else arrange(rows, wish)
        if wish != "show":
            form = self.as_typed(form, request)
        return self.page(request, form, rows, record, errors=wish == "paste")

    def as_typed(self, form: HeadForm, request: Request) -> HeadForm:
        """The head as it stands in the browser, not judged yet."""
        read = {name: field.widget.value_from_datadict for name, field in form.fields.items()}
        typed = {name: value(request.POST, request.FILES, name) for name, value in read.items()}
        shown = self.form(instance=form.instance, initial=typed)
        self.prepare_form(shown, request)
        return shown

    def first_rows(self, record: Any) -> list[Row]:
        rows = [row_of(line, record.currency) for line in record.lines.order_by("position")] if record else []
        return rows or [new_row() for _n in range(EMPTY_ROWS)]

    def prepare_form(self, form: HeadForm, request: Request) -> None:  # type: ignore[override]
        company = request.company
        if form.instance.pk is None and not form.is_bound:
            start = {"date": local_day(request.now, company), "currency": company.currency,
                     "language": company.language, "terms": company.terms, **self.start(request)}  # fmt: skip
            form.initial = {**start, **{k: v for k, v in form.initial.items() if v not in (None, "")}}
        customer = narrow(form, request)
        if customer and form.instance.pk is None and not form.is_bound and request.method == "GET":
            form.initial = {**form.initial, "currency": customer.currency, "language": customer.language}

    def start(self, request: Request) -> dict[str, Any]:
        """What else a new document begins with. For overriding."""
        return {}

    def about(self, record: Any) -> Any:
        """``(label, what, address)`` of what the document is made for. For overriding."""
        return None

    def page(
        self, request: Request, form: HeadForm, rows: list[Row], record: Any, *, status: int = 200,
        problem: str = "", conflict: Any = None, errors: bool = False,
    ) -> HttpResponse:  # fmt: skip
        document = self.document_of(form, record, request)
        checked = check(rows, document)
        if not errors:
            for row in rows:
                row.errors = {}
        visible = [form[name] for name in form.fields if not form[name].is_hidden]
        context = {
            "form": form, "record": record, "rows": rows, "problem": problem, "conflict": conflict,
            "blanks": (new_row(), Row(kind=SECTION)),
            "head_fields": [field for field in visible if field.name not in (*FOOT, *GRID)],
            "grid_fields": [field for field in visible if field.name in GRID],
            "foot_fields": [field for field in visible if field.name in FOOT],
            "row_errors": error_list(rows), "digits": active().digits, "optional_lines": self.optional_lines,
            "taxes": tax_options(request.actor, document.date),
            "totals": totals_of(checked), "credit": self.credit_shown(document, checked, request),
            "version": conflict["version"] if conflict else record.version if record else "",
            "urls": {name: self.url(name) for name in ("items", "totals", "paste", "customer")},
            "action": self.url("update", record.pk) if record else self.url("create"),
            "back": self.url("detail", record.pk) if record else self.url("list"),
            "screens": self, "section": self.slug, "table": "", "about": self.about(record),
        }  # fmt: skip
        return render(request, "trade/editor.html", context, status=status)

    # Saving

    def save_page(self, request: Request, form: HeadForm, rows: list[Row], record: Any) -> HttpResponse:
        try:
            saved = self.save_all(request, form, rows, record)
        except Conflict as conflict:
            shown = self.conflict_shown(form, conflict)
            return self.page(request, form, rows, conflict.current, status=409, conflict=shown, errors=True)
        except LineProblems:
            return self.page(request, form, rows, record, status=422, errors=True)
        except Refused as reason:
            return self.page(request, form, rows, record, status=422, problem=str(reason), errors=True)
        if saved is None:
            return self.page(request, form, rows, record, status=422, errors=True)
        messages.success(request, str(_("Saved")))
        return redirect(self.url("detail", saved.pk))

    def autosave(self, request: Request, form: HeadForm, rows: list[Row], record: Any) -> HttpResponse:
        """The same as saving, answered in JSON; what is not right yet is simply not saved yet."""
        try:
            saved = self.save_all(request, form, rows, record)
        except Conflict as conflict:
            who = fsi(conflict.event.actor_name if conflict.event else "")
            return JsonResponse({"told": str(_("%(who)s changed this document meanwhile.") % {"who": who})}, status=409)
        except Refused as reason:
            return JsonResponse({"told": str(reason)}, status=422)
        if saved is None:
            return JsonResponse({"told": str(_("Not saved yet: something is still missing."))}, status=422)
        told = str(_("Saved at %(time)s") % {"time": active().time(request.now)})
        return JsonResponse({"version": saved.version, "url": self.url("update", saved.pk), "told": told})

    def save_all(self, request: Request, form: HeadForm, rows: list[Row], record: Any) -> Any:
        """Head and lines together or neither. None when the form or a row is not right; a conflict is raised."""
        valid = form.is_valid()
        checked = check(rows, self.document_of(form, record, request))
        if not valid or not checked.ok:
            return None
        version = whole(request.POST.get("version", ""))
        who = {"actor": request.actor, "at": request.now}
        head, lines = form.has_changed() or record is None, not (record and same_lines(record, checked.lines))
        with transaction.atomic():
            saved = type(self).save_head(form, **who, seen_version=version) if head else record
            try:
                if not lines and (head or saved.version == version):
                    return saved
                return type(self).save_rows(saved, checked.lines, **who, seen_version=None if head else version)
            except LineProblems as wrong:
                checked.tell(wrong.problems)
                raise

    def conflict_shown(self, form: HeadForm, conflict: Conflict) -> dict[str, Any]:
        """What the other saved beside what was typed; saving again then is a decision."""
        rows = []
        for name in form.changed_data:
            if hasattr(conflict.current, name):
                theirs = getattr(conflict.current, name)
                rows.append({"label": form[name].label, "yours": form[name].value(), "theirs": theirs})
        who = conflict.event.actor_name if conflict.event else ""
        return {"who": who, "rows": rows, "version": conflict.current.version}

    # What the lines are priced for

    def document_of(self, form: HeadForm, record: Any, request: Request) -> Document:
        """An unsaved document with what the head says now, right or not: enough to price and add up."""
        told = form.cleaned_data if form.is_bound and (form.is_valid() or True) else {}
        company = request.company
        day = told.get("date") or _first(form, "date") or local_day(request.now, company)
        made: Any = self.model
        document: Document = made(
            date=day, currency=told.get("currency") or _first(form, "currency") or company.currency,
            language=told.get("language") or _first(form, "language") or company.language,
        )  # fmt: skip
        customer = told.get("customer") or narrow(form, request)
        document.customer = _with_prices(customer, told.get("price_list"))
        document.pk = record.pk if record else None
        return document

    # Answers for the script

    def head_only(self, data: Any, request: Request) -> Document:
        form = self.form(data)
        self.prepare_form(form, request)
        return self.document_of(form, None, request)

    @access("staff")
    def customer_facts(self, request: Request) -> HttpResponse:
        """What a chosen customer brings: his people and places, currency, language, prices and credit."""
        self.allow(request, "view")
        form = self.form(initial={"customer": request.GET.get("customer", "")})
        customer = narrow(form, request)
        if customer is None:
            return JsonResponse({"options": {}, "values": {}, "parts": {"credit": ""}})
        made: Any = self.model
        document = made(customer=customer, currency=customer.currency, date=local_day(request.now))
        nothing = check([], document)
        names = [name for name in ("contact", "delivery_address", "price_list") if name in form.fields]
        return JsonResponse({
            "options": {name: options_html(form[name]) for name in names},
            "values": {"currency": customer.currency, "language": customer.language},
            "parts": {"credit": self.part("credit", request, credit=self.credit_shown(document, nothing, request))},
        })  # fmt: skip

    @access("staff")
    def items(self, request: Request) -> HttpResponse:
        """The list under a line's field."""
        actor = self.allow(request, "view")
        words = request.GET.get("q", "").strip()[:200]
        found = found_items(words, actor, self.head_only(request.GET, request))
        context = {"items": found, "q": words, "one": active().number(1)}
        return render(request, "trade/line_options.html", context)

    @access("staff")
    def totals(self, request: Request) -> HttpResponse:
        """Nets, totals and problems of what stands in the form; nothing is saved."""
        self.allow(request, "view")
        rows = read_grid(request.POST)
        automatic = [row.auto for row in rows]
        document = self.head_only(request.POST, request)
        checked = check(rows, document)
        totals = totals_of(checked)
        return JsonResponse({
            "lines": [_answer(row, auto) for row, auto in zip(rows, automatic, strict=True)],
            "parts": {
                "totals": self.part("totals", request, totals=totals),
                "sum": self.part("sum", request, totals=totals),
                "credit": self.part("credit", request, credit=self.credit_shown(document, checked, request)),
            },
        })  # fmt: skip

    @access("staff")
    def paste(self, request: Request) -> HttpResponse:
        """Rows of a pasted table, drawn and checked, for the script to put in their place."""
        actor = self.allow(request, "view")
        document = self.head_only(request.POST, request)
        rows = self.pasted(request.POST.get("table", ""))
        check(rows, document)
        shared = {"taxes": tax_options(actor, document.date), "digits": active().digits}
        html = "".join(
            render_to_string("trade/line_row.html", {"row": row, "n": f"p{n}", **shared}) for n, row in enumerate(rows)
        )
        told = _("%(rows)s lines added, %(wrong)s to look at.") % {
            "rows": active().number(len(rows)), "wrong": active().number(sum(bool(row.errors) for row in rows)),
        }  # fmt: skip
        return JsonResponse({"rows": html, "told": str(told)})

    def pasted(self, text: str) -> list[Row]:
        lines, problems = rows_from_paste(text[:PASTED_AT_MOST])
        usual = new_row().tax
        rows = [row_of_input(line, line.title or ("" if line.item_id else line.sku), line.sku) for line in lines]
        for row in rows:
            row.tax = "" if row.item else usual
        for problem in problems:
            rows[problem.row].errors["title" if problem.field == "sku" else problem.field] = problem.words
        return rows

    def pasted_below(self, rows: list[Row], request: Request) -> list[Row]:
        return [*(row for row in rows if not row.is_blank), *self.pasted(request.POST.get("table", ""))]

    def part(self, name: str, request: Request, **context: Any) -> str:
        return render_to_string(f"trade/{name}.html", context, request=request).strip()

    def credit_shown(self, document: Document, checked: Checked, request: Request) -> Any:
        actor = request.actor
        if document.customer.pk is None or not actor.may("ledger.view_entry"):
            return None
        total = Money(checked.totals.total.minor, document.currency)
        return credit_note(self.credit(document, total, local_day(request.now)))

    def credit(self, document: Document, total: Money, today: Any) -> CreditStatus:
        """The customer's credit with this document. For overriding where more is known than the ledger."""
        return credit_status(document.customer, total, today)


def _first(form: HeadForm, name: str) -> Any:
    """What the field begins with, where nothing else was said."""
    value = form.get_initial_for_field(form.fields[name], name)
    return value if not isinstance(value, str) or name != "date" else None


def _with_prices(customer: Customer | None, price_list: Any) -> Customer:
    """A copy that looks at the chosen price list: the customer's own row is not touched."""
    shown = copy(customer) if customer else Customer()
    if price_list is not None:
        shown.price_list = price_list
    return shown


def _answer(row: Row, automatic: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"net": row.net, "errors": {name: str(words) for name, words in row.errors.items()}}
    if row.filled:
        answer["fill"] = row.facts()
    elif automatic and not row.errors:
        answer["price"] = row.unit_price
    return answer
