"""What a deal is about: its items and prices, in the same quick grid as in documents, without taxes."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rawabit.company.queries import company_now, local_day
from rawabit.crm.models import Customer
from rawabit.kit.access import access
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.numbers import whole
from rawabit.kit.request import Request
from rawabit.kit.screens.screens import Screens
from rawabit.kit.states import Refused
from rawabit.pipeline.actions import set_lines
from rawabit.pipeline.models import Opportunity, OpportunityLine
from rawabit.pipeline.queries import lines_of
from rawabit.trade.editor.choices import found_items
from rawabit.trade.editor.grid import Row, arrange, check, error_list, price_text, read_grid, row_of_input
from rawabit.trade.logic.lines import LineProblems
from rawabit.trade.queries import rows_from_paste

PASTED_AT_MOST = 200_000  # characters


def asking(deal: Opportunity, day: date) -> Any:
    """What the price list is asked with."""
    customer = deal.customer or Customer(currency=deal.currency)
    language = deal.customer.language if deal.customer else company_now().language
    return SimpleNamespace(customer=customer, currency=deal.currency, date=day, language=language, pk=None)


def row_of(line: OpportunityLine, currency: str) -> Row:
    number = active().number
    return Row(
        item=str(line.item_id or ""), title=line.title, quantity=number(line.quantity),
        unit_price=price_text(line.unit_price, currency), sku=line.item.sku if line.item else "",
        discount=number(line.discount_percent) if line.discount_percent else "",
    )  # fmt: skip


def pasted(text: str) -> list[Row]:
    lines, problems = rows_from_paste(text[:PASTED_AT_MOST])
    rows = [row_of_input(line, line.title or ("" if line.item_id else line.sku), line.sku) for line in lines]
    for problem in problems:
        rows[problem.row].errors["title" if problem.field == "sku" else problem.field] = problem.words
    return rows


class LinePages(Screens):
    """Adds ``opportunities/<pk>/lines/`` and what its script asks for."""

    def more_urls(self) -> list[URLPattern]:
        base, page = f"{self.slug}/<int:pk>/lines", require_http_methods(["GET", "HEAD", "POST"])
        return [
            *super().more_urls(),
            path(f"{base}/", page(self.lines), name=f"{self.slug}-lines"),
            path(f"{base}/items/", require_GET(self.line_items), name=f"{self.slug}-items"),
            path(f"{base}/totals/", require_POST(self.line_totals), name=f"{self.slug}-totals"),
            path(f"{base}/paste/", require_POST(self.line_paste), name=f"{self.slug}-paste"),
        ]

    def _deal(self, request: Request, pk: int) -> tuple[Opportunity, Any]:
        deal = self.row(self.allow(request, "change"), pk)
        return deal, asking(deal, local_day(request.now, request.company))

    @access("staff")
    def lines(self, request: Request, pk: int) -> HttpResponse:
        deal, ask = self._deal(request, pk)
        if request.method != "POST":
            rows = [row_of(line, deal.currency) for line in lines_of(deal)] or [Row()]
            return self._page(request, deal, ask, rows)
        wish, rows = request.POST.get("op", "save"), read_grid(request.POST)
        if wish == "paste":
            kept = [row for row in rows if not row.is_blank]
            return self._page(request, deal, ask, [*kept, *pasted(request.POST.get("table", ""))], errors=True)
        if wish in ("save", "autosave"):
            return self._save(request, deal, ask, rows, quietly=wish == "autosave")
        return self._page(request, deal, ask, arrange(rows, wish))

    def _save(self, request: Request, deal: Opportunity, ask: Any, rows: list[Row], *, quietly: bool) -> HttpResponse:
        checked, problem = check(rows, ask), ""
        seen = whole(request.POST.get("version", ""))
        if checked.ok:
            try:
                deal = set_lines(deal, checked.lines, seen_version=seen, actor=request.actor, at=request.now)
                if quietly:
                    told = str(_("Saved at %(time)s") % {"time": active().time(request.now)})
                    return JsonResponse({"version": deal.version, "told": told})
                messages.success(request, _("Saved"))
                return redirect(self.url("detail", deal.pk))
            except LineProblems as wrong:
                checked.tell(wrong.problems)
            except Refused as reason:
                problem = str(reason)
        if quietly:
            told = problem or str(_("Not saved yet: something is still missing."))
            return JsonResponse({"told": told}, status=422)
        return self._page(request, deal, ask, rows, problem=problem, errors=True, status=422)

    def _page(
        self, request: Request, deal: Opportunity, ask: Any, rows: list[Row], *, problem: str = "",
        errors: bool = False, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        checked = check(rows, ask)
        if not errors:
            for row in rows:
                row.errors = {}
        context = {
            "record": deal, "screens": self, "section": self.slug, "rows": rows, "row_errors": error_list(rows),
            "problem": problem, "digits": active().digits, "net": checked.totals.net, "blank": Row(),
            "urls": {name: self.url(name, deal.pk) for name in ("items", "totals", "paste")}, "day": ask.date,
        }  # fmt: skip
        return render(request, "pipeline/lines.html", context, status=status)

    @access("staff")
    def line_items(self, request: Request, pk: int) -> HttpResponse:
        """The list under a line's field."""
        _deal, ask = self._deal(request, pk)
        words = request.GET.get("q", "").strip()[:200]
        context = {"items": found_items(words, request.actor, ask), "q": words, "one": active().number(1)}
        return render(request, "trade/line_options.html", context)

    @access("staff")
    def line_totals(self, request: Request, pk: int) -> HttpResponse:
        """Nets, sum and problems of what stands in the form; nothing is saved."""
        _deal, ask = self._deal(request, pk)
        rows = read_grid(request.POST)
        before = [row.auto for row in rows]
        checked = check(rows, ask)
        sum_html = render_to_string("pipeline/lines_sum.html", {"net": checked.totals.net}, request=request).strip()
        answers = [_answer(row, auto) for row, auto in zip(rows, before, strict=True)]
        return JsonResponse({"lines": answers, "parts": {"sum": sum_html}})

    @access("staff")
    def line_paste(self, request: Request, pk: int) -> HttpResponse:
        """Rows of a pasted table, drawn and checked."""
        _deal, ask = self._deal(request, pk)
        rows = pasted(request.POST.get("table", ""))
        check(rows, ask)
        html = "".join(
            render_to_string("pipeline/line_row.html", {"row": row, "n": f"p{n}", "digits": active().digits})
            for n, row in enumerate(rows)
        )
        wrong = sum(bool(row.errors) for row in rows)
        told = _("%(rows)s lines added, %(wrong)s to look at.") % {
            "rows": active().number(len(rows)), "wrong": active().number(wrong),
        }  # fmt: skip
        return JsonResponse({"rows": html, "told": str(told)})


def _answer(row: Row, auto: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"net": row.net, "errors": {name: str(words) for name, words in row.errors.items()}}
    if row.filled:
        answer["fill"] = row.facts()
    elif auto and not row.errors:
        answer["price"] = row.unit_price
    return answer
