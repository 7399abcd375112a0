"""What is asked, opened and signed around an offer."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import rawabit.kit.records.fields
import rawabit.sales.models
import uuid
from django.conf import settings
from django.db import migrations, models

from rawabit.kit.records.guards import Keep


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0001_initial'),
        ('kit_records', '0001_initial'),
        ('sales', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='quotation',
            name='decline_code',
            field=models.CharField(blank=True, default='', editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name='quotation',
            name='signatures_needed',
            field=models.PositiveSmallIntegerField(default=1, help_text='How many people of the customer sign before the offer is accepted.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)], verbose_name='Signatures needed'),
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('question', 'Question'), ('change', 'Change wanted'), ('renewal', 'Renewal wanted'), ('problem', 'Problem')], default='question', max_length=8)),
                ('line', models.BigIntegerField(null=True)),
                ('about', models.CharField(blank=True, default='', max_length=300)),
                ('body', models.TextField(blank=True, default='')),
                ('asked_by', models.CharField(max_length=200)),
                ('link', models.CharField(blank=True, default='', max_length=40)),
                ('at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.customer', verbose_name='Customer')),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='sales.order')),
                ('quotation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='sales.quotation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Question',
                'verbose_name_plural': 'Questions',
            },
        ),
        migrations.CreateModel(
            name='QuotationOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signer', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=200, verbose_name='Name')),
                ('first_at', models.DateTimeField(verbose_name='First opened')),
                ('last_at', models.DateTimeField(verbose_name='Last opened')),
                ('times', models.PositiveIntegerField(default=1, verbose_name='Times')),
                ('quotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='sales.quotation')),
            ],
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_customer', models.BooleanField(default=False)),
                ('body', models.TextField()),
                ('name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='sales.question')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('edition', models.PositiveSmallIntegerField(verbose_name='Version')),
                ('number', models.CharField(max_length=60, verbose_name='Number')),
                ('total', rawabit.kit.records.fields.AmountField(verbose_name='Total including VAT')),
                ('currency', models.CharField(max_length=3)),
                ('digest', models.CharField(max_length=64)),
                ('terms_digest', models.CharField(max_length=64)),
                ('signer', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=200, verbose_name='Name')),
                ('title', models.CharField(blank=True, default='', max_length=100, verbose_name='Role')),
                ('customer_reference', models.CharField(blank=True, default='', max_length=60, verbose_name='Customer purchase order')),
                ('method', models.CharField(choices=[('drawn', 'Drawn signature'), ('typed', 'Typed name'), ('recorded', 'Written down by the company')], max_length=8, verbose_name='Signature')),
                ('strokes', models.JSONField(blank=True, default=list)),
                ('verified_address', models.CharField(blank=True, default='', max_length=254)),
                ('ip', models.CharField(blank=True, default='', max_length=45)),
                ('user_agent', models.CharField(blank=True, default='', max_length=300)),
                ('contact_id', models.BigIntegerField(null=True)),
                ('link', models.CharField(blank=True, default='', max_length=40)),
                ('door', models.CharField(max_length=12)),
                ('at', models.DateTimeField(verbose_name='Time')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.customer')),
                ('quotation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='sales.quotation')),
                ('stamp', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit_records.attachment')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('quotation', 'signer'), name='signed_once')],
            },
        ),
        migrations.CreateModel(
            name='PendingAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('signer', models.CharField(max_length=80)),
                ('typed', models.JSONField(default=dict)),
                ('chosen', models.JSONField(null=True)),
                ('stamp', models.FileField(blank=True, max_length=120, upload_to=rawabit.sales.models.pending_path)),
                ('stamp_name', models.CharField(blank=True, default='', max_length=200)),
                ('code', models.UUIDField(null=True)),
                ('address', models.CharField(blank=True, default='', max_length=254)),
                ('at', models.DateTimeField()),
                ('quotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sales.quotation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('quotation', 'signer'), name='pending_acceptance_once')],
            },
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['quotation'], name='question_quotation_open'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['order'], name='question_order_open'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order__isnull', False), ('quotation', None)), models.Q(('order', None), ('quotation__isnull', False)), _connector='OR'), name='question_about_one_document'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'renewal')), fields=('quotation',), name='renewal_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='quotationopening',
            constraint=models.UniqueConstraint(fields=('quotation', 'signer'), name='quotation_opened_by_once'),
        ),
        Keep(
            "sales_acceptance_is_kept",
            "sales_acceptance",
            ["quotation_id", "customer_id", "edition", "number", "total", "currency", "digest", "terms_digest", "signer",
             "name", "title", "customer_reference", "method", "strokes", "stamp_id", "verified_address", "ip",
             "user_agent", "user_id", "contact_id", "link", "door", "at"],
        ),
        Keep(
            "sales_question_is_kept",
            "sales_question",
            ["customer_id", "quotation_id", "order_id", "kind", "line", "about", "body", "asked_by", "user_id", "link",
             "at"],
        ),
        Keep("sales_reply_is_kept", "sales_reply", ["question_id", "by_customer", "body", "name", "user_id", "at"]),
    ]
