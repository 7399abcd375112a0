from __future__ import annotations

import pytest

from tests.outbox.postoffice import PostOffice


@pytest.fixture
def office(settings):
    """A mail server, and the program told to use it."""
    made = PostOffice().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Rawabit <no-reply@seller.example>"
    yield made
    made.stop()
