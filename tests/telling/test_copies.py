"""What goes out with a decision, a question and a document: signed copies to both sides, statements to reckon with."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from rawabit.crm import policies as crm_policies
from rawabit.crm.models import Customer, CustomerGroup, PortalAccess
from rawabit.kit.money import Money
from rawabit.kit.outbox.models import Message
from rawabit.kit.records.actions import emit
from rawabit.kit.records.models import Notice
from rawabit.ledger.queries import statement
from rawabit.portal.actions.documents import withdraw_document
from rawabit.portal.actions.mailing import mail_statement
from rawabit.sales import actions as sales
from rawabit.sales.actions.asking import ask, ask_approval, say
from rawabit.sales.logic.signing import Signing
from rawabit.sales.models import Quotation
from tests import makers
from tests.makers import NOW, TODAY
from tests.outbox.postoffice import text_of
from tests.outbox.working import work
from tests.paper.looking import text_of as text_on

pytestmark = pytest.mark.django_db
DRAWN = [[10, 20, 30, 40, 60, 80, 200, 90, 220, 95, 240, 99], [300, 30, 310, 60]]


def mails_to(office, email: str):
    return [mail for mail in office.mails if mail["To"].addresses[0].addr_spec == email]


def files_of(mail) -> dict[str, bytes]:
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


def signed(person, owner=None, **fields) -> Quotation:
    quotation = makers.sent_quotation(person.customer)
    Quotation.objects.filter(pk=quotation.pk).update(owner=owner)
    signing = Signing(
        f"user:{person.user.pk}", "نورة السبيعي", title="مديرة المشتريات", method="drawn", strokes=DRAWN, agreed=True,
        verified="noura@customer.example", **fields,
    )  # fmt: skip
    return sales.accept_quotation(quotation, name="", signing=signing, actor=person.actor, at=NOW)


def test_both_sides_get_the_signed_copy(office, amina, seller):
    quotation = signed(amina, seller.user)
    work()
    work(NOW + timedelta(minutes=5))

    hers = [one for one in mails_to(office, amina.user.email) if files_of(one)][-1]
    his = mails_to(office, seller.user.email)
    assert len(his) == 1
    papers = [next(iter(files_of(mail).values())) for mail in (hers, his[0])]
    for paper in papers:
        lines = [sorted(line) for line in text_on(paper).split()]  # letters are read from the paper in any order
        assert sorted(quotation.acceptances.get().digest[:16]) in lines
        assert sorted("noura@customer.example") in lines
    assert papers[0] == papers[1]
    assert f"/desk/quotations/{quotation.pk}/" in text_of(his[0]) and "/l/" not in text_of(his[0])
    assert "/l/" in text_of(hers)


def test_what_staff_wrote_down_is_not_mailed_to_staff(office, amina, seller):
    quotation = makers.sent_quotation(amina.customer)
    Quotation.objects.filter(pk=quotation.pk).update(owner=seller.user)
    sales.accept_quotation(Quotation.objects.get(pk=quotation.pk), name="x", actor=makers.SYSTEM, at=NOW)
    work()
    assert mails_to(office, seller.user.email) == []


def test_owners_are_asked_to_approve_and_nobody_else(office, amina, babak, monkeypatch):
    buyer = makers.make_customer_user(amina.customer, "buyer")
    monkeypatch.setattr(crm_policies, "buying_limit", lambda actor, customer: Money.of("100", "SAR"), raising=False)
    quotation = makers.sent_quotation(amina.customer)
    work()
    office.mails.clear()
    assert ask_approval(quotation, actor=buyer.actor, at=NOW)
    work()

    assert [mail["To"].addresses[0].addr_spec for mail in office.mails] == [amina.user.email]
    assert quotation.number in office.mails[0]["Subject"]
    assert Notice.objects.filter(user=amina.user, kind="approval").count() == 1
    assert Notice.objects.filter(user=amina.user, kind="told.approval_asked").count() == 0


def test_an_answer_about_an_order_goes_by_mail(office, amina, seller):
    order = makers.confirmed_order(amina.customer)
    work()
    office.mails.clear()
    question = ask(order, body="متى؟", actor=amina.actor, at=NOW)
    say(question, "غداً", actor=makers.SYSTEM, at=NOW)
    work()
    mails = mails_to(office, amina.user.email)
    assert [message.kind for message in Message.objects.filter(kind="told.order_answered")] == ["told.order_answered"]
    assert len(mails) == 1 and order.number in mails[0]["Subject"]


# Documents


def told_of_documents(office) -> set[str]:
    return {mail["To"].addresses[0].addr_spec for mail in office.mails}


def test_a_document_for_all_is_told_to_every_account_owner_once(office, amina, babak):
    finance = makers.make_customer_user(amina.customer, "finance")
    PortalAccess.objects.create(user=babak.user, customer=amina.customer, role="owner", created_at=NOW, updated_at=NOW)
    document = makers.make_shared_document("سياسة الإرجاع")
    work()
    work(NOW + timedelta(minutes=5))

    assert told_of_documents(office) == {amina.user.email, babak.user.email}
    assert len(office.mails) == 2
    assert Notice.objects.filter(kind="told.document_shared", user=babak.user).count() == 1
    assert Notice.objects.get(kind="told.document_shared", user=amina.user).url == "/portal/documents/"
    assert not Notice.objects.filter(user=finance.user, kind="told.document_shared").exists()
    assert all(document.name in text_of(mail) for mail in office.mails)


def test_a_document_for_a_group_is_told_to_the_group(office, amina, babak):
    group = CustomerGroup.objects.create(name="جملة")
    Customer.objects.filter(pk=amina.customer.pk).update(group=group)
    makers.make_shared_document("أسعار الجملة", audience="groups", groups=[group])
    work()
    assert told_of_documents(office) == {amina.user.email}


def test_what_was_withdrawn_meanwhile_is_not_told(office, amina):
    withdraw_document(makers.make_shared_document("خطأ"), actor=makers.SYSTEM, at=NOW)
    work()
    assert office.mails == []


def test_old_news_of_documents_is_no_news(office, amina):
    document = makers.make_shared_document("قديم", published=False)
    document.__class__.objects.filter(pk=document.pk).update(state="published")
    emit("document.shared", document, actor=makers.SYSTEM, at=NOW - timedelta(days=3), name=document.name)
    work()
    assert office.mails == []


# Statements


def test_a_statement_is_a_paper_and_a_table_in_its_currency(office, amina):
    makers.posted_invoice(amina.customer)
    found = statement(amina.customer, "SAR", TODAY.replace(day=1), TODAY)
    mail_statement(amina.customer, found, amina.user, sheet="a", actor=amina.actor, at=NOW)
    work()
    mail = next(one for one in mails_to(office, amina.user.email) if len(files_of(one)) == 2)
    pdf, book = files_of(mail).items()
    assert pdf[0].endswith(".pdf") and pdf[1].startswith(b"%PDF")
    assert book[0] == f"statement-{amina.customer.code}-{TODAY.replace(day=1)}-{TODAY}.xlsx"
    with ZipFile(BytesIO(book[1])) as inside:
        sheet = inside.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>230" in sheet, sheet
