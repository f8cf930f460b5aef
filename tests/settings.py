"""The product's settings in a home of its own, on SQLite or (`LINCHPIN_TEST_DATABASE=postgresql`) on a PostgreSQL of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

HOME_OF_TESTS = tempfile.mkdtemp(prefix="linchpin-tests-")
atexit.register(shutil.rmtree, HOME_OF_TESTS, ignore_errors=True)
os.environ["LINCHPIN_HOME"] = HOME_OF_TESTS
os.environ["LINCHPIN_SECRET_KEY"] = "only-for-tests"
for name in ("LINCHPIN_DATABASE_URL", "LINCHPIN_SMTP_HOST", "LINCHPIN_OIDC_URL"):
    os.environ.pop(name, None)
if os.environ.get("LINCHPIN_TEST_DATABASE") == "postgresql":
    from tests.postgres import start

    os.environ["LINCHPIN_DATABASE_URL"] = start(HOME_OF_TESTS)

from linchpin.config.settings import *  # noqa: E402, F403
from linchpin.config.settings import DATABASES, INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "allauth.socialaccount.providers.openid_connect"]  # as where there is single sign-on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    options = dict(DATABASES["default"]["OPTIONS"])  # type: ignore[call-overload]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"] |= {"OPTIONS": options, "TEST": {"NAME": f"{HOME_OF_TESTS}/tests.sqlite3"}}
