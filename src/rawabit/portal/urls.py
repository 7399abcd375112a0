"""Addresses of the portal. Records are addressed by ``uid``, so that addresses do not tell how many there are."""

from __future__ import annotations

from django.urls import path

from rawabit.portal.views import (
    account,
    deliveries,
    files,
    home,
    invoices,
    notices,
    orders,
    payments,
    quotations,
    statement,
)

urlpatterns = [
    path("", home.home, name="portal-home"),
    path("orders/", orders.orders, name="portal-orders"),
    path("orders/<uuid:uid>/", orders.order, name="portal-order"),
    path("quotations/", quotations.quotations, name="portal-quotations"),
    path("quotations/<uuid:uid>/", quotations.quotation, name="portal-quotation"),
    path("quotations/<uuid:uid>/accept/", quotations.accept, name="portal-quotation-accept"),
    path("quotations/<uuid:uid>/decline/", quotations.decline, name="portal-quotation-decline"),
    path("deliveries/", deliveries.deliveries, name="portal-deliveries"),
    path("deliveries/<uuid:uid>/", deliveries.delivery, name="portal-delivery"),
    path("invoices/", invoices.invoices, name="portal-invoices"),
    path("invoices/<uuid:uid>/", invoices.invoice, name="portal-invoice"),
    path("payments/", payments.payments, name="portal-payments"),
    path("payments/<uuid:uid>/", payments.payment, name="portal-payment"),
    path("statement/", statement.statement, name="portal-statement"),
    path("statement/<str:kind>/", statement.download, name="portal-statement-download"),
    path("account/", account.account, name="portal-account"),
    path("notices/", notices.notices, name="portal-notices"),
    path("switch/", account.switch, name="portal-switch"),
    path("files/<uuid:uid>/", files.file, name="portal-file"),
]
