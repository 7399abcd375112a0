"""Settings of the bare page. Its table lives in the file that BENCH_CALIBRATOR names."""

from __future__ import annotations

import os
from pathlib import Path

DEBUG = False
SECRET_KEY = "not-secret: this project has nothing to sign"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.calibrator.views"
INSTALLED_APPS = ["bench.calibrator"]
MIDDLEWARE: list[str] = []
USE_I18N = False
USE_TZ = True
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [Path(__file__).parent / "templates"]}
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("BENCH_CALIBRATOR", ":memory:"),
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
