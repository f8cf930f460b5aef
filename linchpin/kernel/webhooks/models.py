"""Who wants to be told where, of what."""

from __future__ import annotations

import base64
import uuid

from django.db import models
from django.utils.crypto import salted_hmac

from linchpin.kernel.people.models import Person


class Subscription(models.Model):
    """One address that is told of events; only of records that its person may read. Empty lists mean: all."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    types = models.JSONField(default=list)
    verbs = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    failures = models.PositiveSmallIntegerField(default=0)
    quiet_until = models.DateTimeField(null=True)
    said = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url

    def wants(self, record_type: str, verb: str) -> bool:
        return (not self.types or record_type in self.types) and (not self.verbs or verb in self.verbs)

    @property
    def secret(self) -> str:
        """What messages are signed with. It follows from the installation's own secret, so that none is kept here."""
        key = salted_hmac("linchpin.webhooks", str(self.uid), algorithm="sha256").digest()
        return f"whsec_{base64.b64encode(key).decode()}"
