"""Run inside Kolibri's own shell by benchmarks/kolibri.py: makes the learners whose names stand in LEARNERS."""

import os

from kolibri.core.auth.models import Facility, FacilityUser

facility = Facility.objects.get()
for name in os.environ["LEARNERS"].split():
    learner = FacilityUser(username=name, full_name=name, facility=facility)
    learner.set_password(os.environ["LEARNERS_PASSWORD"])
    learner.save()
print(facility.id)
