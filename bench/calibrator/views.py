"""The bare page: its address and its view."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.calibrator import SHOWN
from bench.calibrator.models import Row


def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "rows.html", {"rows": Row.objects.order_by("-id")[:SHOWN]})


urlpatterns = [path("", rows)]
