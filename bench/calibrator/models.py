"""The one table of the bare page."""

from __future__ import annotations

from django.db import models


class Row(models.Model):
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    date = models.DateField()
    total = models.IntegerField()
    state = models.CharField(max_length=10)

    class Meta:
        app_label = "calibrator"
